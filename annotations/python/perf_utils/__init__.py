"""Annotates a program so that `benchmark` can tell what each of its stages costs on the CPU and on
the GPU.

    from perf_utils import CvCudaPerf, get_default_arg_parser, parse_validate_default_args

    args = parse_validate_default_args(get_default_arg_parser("my_sample"))
    perf = CvCudaPerf("my_sample", default_args=args)
    with perf.range("pipeline"):
        for index, images in enumerate(batches):
            with perf.batch(index, items=len(images)):
                with perf.range("resize"):
                    ...
    perf.finalize()

push_range() and pop_range() do the same by hand. Outside of a benchmark all of this costs about a
microsecond a range.
"""

from ._version import __version__
from .arguments import get_default_arg_parser, parse_validate_default_args
from .perf import CvCudaPerf

__all__ = ["CvCudaPerf", "__version__", "get_default_arg_parser", "parse_validate_default_args"]
