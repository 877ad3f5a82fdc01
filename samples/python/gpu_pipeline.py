"""Upload, preprocess, compute, download: four stages per batch, with real work on the GPU.

Uses PyTorch or CuPy, whichever is installed and finds a GPU. Where neither does, it says so on
stderr and ends with exit code 77, which test harnesses read as "skipped".

No stage waits for the GPU; only the download does, as in a real pipeline. So a stage's CPU time is
what it costs to launch it, and its GPU time, which the profiler measures, is what the launched work
takes.
"""

import sys

from perf_utils import CvCudaPerf, get_default_arg_parser, parse_validate_default_args

NOTHING_TO_RUN_ON = 77


class TorchStages:
    def __init__(self, torch, device_id, batch_size, height, width):
        self.torch = torch
        self.device = torch.device("cuda", device_id)
        shape = (batch_size, 3, height, width)
        self.images = torch.randint(0, 256, shape, dtype=torch.uint8).pin_memory()
        self.weights = torch.randn(width, width, device=self.device)
        torch.cuda.synchronize(self.device)

    def upload(self):
        return self.images.to(self.device, non_blocking=True)

    def preprocess(self, images):
        pixels = images.to(self.torch.float32).div_(255.0)
        return (pixels - pixels.mean(dim=(2, 3), keepdim=True)) / (pixels.std() + 1e-6)

    def compute(self, pixels):
        for _ in range(4):
            pixels = self.torch.relu(pixels @ self.weights)
        return pixels.amax(dim=(1, 2, 3))

    def download(self, scores):
        return scores.cpu().tolist()


class CupyStages:
    def __init__(self, cupy, device_id, batch_size, height, width):
        import numpy

        self.cupy = cupy
        cupy.cuda.Device(device_id).use()
        shape = (batch_size, 3, height, width)
        self.images = numpy.random.default_rng(0).integers(0, 256, shape, dtype=numpy.uint8)
        self.weights = cupy.random.standard_normal((width, width), dtype=cupy.float32)
        cupy.cuda.Device(device_id).synchronize()

    def upload(self):
        return self.cupy.asarray(self.images)

    def preprocess(self, images):
        pixels = images.astype(self.cupy.float32) / 255.0
        return (pixels - pixels.mean(axis=(2, 3), keepdims=True)) / (pixels.std() + 1e-6)

    def compute(self, pixels):
        for _ in range(4):
            pixels = self.cupy.maximum(pixels @ self.weights, 0.0)
        return pixels.max(axis=(1, 2, 3))

    def download(self, scores):
        return self.cupy.asnumpy(scores).tolist()


def find_stages(args):
    """The stages on what is installed, or None with the reasons on stderr."""
    sizes = (args.device_id, args.batch_size, args.target_img_height, args.target_img_width)
    reasons = []
    try:
        import torch

        if torch.cuda.is_available():
            return TorchStages(torch, *sizes)
        reasons.append("PyTorch %s finds no GPU" % torch.__version__)
    except ImportError as error:
        reasons.append("PyTorch: %s" % error)
    try:
        import cupy

        cupy.cuda.runtime.getDeviceCount()
        return CupyStages(cupy, *sizes)
    except ImportError as error:
        reasons.append("CuPy: %s" % error)
    except cupy.cuda.runtime.CUDARuntimeError as error:
        reasons.append("CuPy %s finds no GPU: %s" % (cupy.__version__, error))
    print("gpu_pipeline: nothing to run on. " + "; ".join(reasons), file=sys.stderr)
    print("gpu_pipeline: install torch or cupy on a machine with a GPU", file=sys.stderr)
    return None


def main():
    parser = get_default_arg_parser("GPU pipeline of four stages", batch_size=16)
    parser.add_argument("-n", "--batches", type=int, default=20, help="batches to run")
    args = parse_validate_default_args(parser)
    stages = find_stages(args)
    if stages is None:
        return NOTHING_TO_RUN_ON

    perf = CvCudaPerf("gpu_pipeline", default_args=args)
    with perf.range("pipeline"):
        for index in range(args.batches):
            with perf.batch(index, items=args.batch_size):
                with perf.range("upload", color="green"):
                    images = stages.upload()
                with perf.range("preprocess", color="yellow"):
                    pixels = stages.preprocess(images)
                with perf.range("compute", color="red"):
                    scores = stages.compute(pixels)
                with perf.range("download", color="purple"):
                    result = stages.download(scores)
    perf.finalize()
    print("best score of the last batch: %.3f" % max(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
