"""Five stages of known cost, one of which can be made slower: to see whether a comparison names that one.

    --slower encode --by 10     or    FIVE_STAGES_SLOWER=encode FIVE_STAGES_BY=10

A stage is real work (checksums of a frame, again and again) or, with --wait, waiting as for a device: that takes the same
time on a machine that is busy with other things.
"""

import os
import time
import zlib

from perf_utils import CvCudaPerf, get_default_arg_parser, parse_validate_default_args

# Milliseconds, about: how long work takes depends on the machine.
STAGES = {"read": 2, "decode": 5, "resize": 3, "infer": 8, "encode": 4}
FRAME = bytes(range(256)) * 64
CHECKSUMS_PER_MS = 250


def work(milliseconds):
    checksum = 0
    for _ in range(round(milliseconds * CHECKSUMS_PER_MS)):
        checksum = zlib.crc32(FRAME, checksum)
    return checksum


def main():
    parser = get_default_arg_parser("Five stages", parser_type="minimal")
    environment = os.environ.get
    parser.add_argument("-n", "--batches", type=int, default=40, help="batches to run")
    parser.add_argument("--wait", action="store_true", help="wait instead of computing")
    parser.add_argument(
        "--slower", choices=tuple(STAGES), default=environment("FIVE_STAGES_SLOWER"), help="stage"
    )
    parser.add_argument(
        "--by", type=float, default=float(environment("FIVE_STAGES_BY", "10")), help="percent"
    )
    args = parse_validate_default_args(parser)

    perf = CvCudaPerf("five_stages", default_args=args)
    with perf.range("pipeline"):
        for index in range(args.batches):
            with perf.batch(index, items=1):
                for stage, milliseconds in STAGES.items():
                    factor = 1 + args.by / 100 if stage == args.slower else 1
                    with perf.range(stage):
                        if args.wait:
                            time.sleep(milliseconds * factor / 1000)
                        else:
                            work(milliseconds * factor)
    perf.finalize()


if __name__ == "__main__":
    main()
