"""One process of samples/shell/pipeline.sh: a stage by name, in batches of real work on the CPU."""

import zlib

from perf_utils import CvCudaPerf, get_default_arg_parser, parse_validate_default_args


def main():
    parser = get_default_arg_parser("A stage of a shell pipeline", parser_type="minimal")
    parser.add_argument("stage", choices=("compress", "checksum"))
    parser.add_argument("-n", "--batches", type=int, default=5, help="batches to run")
    args = parse_validate_default_args(parser)

    perf = CvCudaPerf(args.stage, default_args=args)
    frame = bytes(range(256)) * 4096

    @perf.annotate("read")
    def read(index):
        return [frame[index:] + frame[:index] for _ in range(4)]

    @perf.annotate(args.stage)
    def process(images):
        work = zlib.compress if args.stage == "compress" else zlib.crc32
        return [work(image) for image in images]

    with perf.range("pipeline"):
        for index in range(args.batches):
            with perf.batch(index) as batch:
                batch.items = len(process(read(index)))
    perf.finalize()


if __name__ == "__main__":
    main()
