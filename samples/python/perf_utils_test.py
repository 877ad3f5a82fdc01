import time

from perf_utils import CvCudaPerf, get_default_arg_parser, parse_validate_default_args
parser = get_default_arg_parser("perf_utils_test")
args = parse_validate_default_args(parser)
cvcuda_perf = CvCudaPerf("perf_utils_test", default_args=args)
cvcuda_perf.push_range("pipeline")
for i in range(3):
    cvcuda_perf.push_range("batch", batch_idx=i)
    cvcuda_perf.push_range("stage_1"); time.sleep(0.3); cvcuda_perf.pop_range()
    cvcuda_perf.push_range("stage_2"); time.sleep(0.3); cvcuda_perf.pop_range()
    cvcuda_perf.pop_range(total_items=1)
cvcuda_perf.pop_range()
cvcuda_perf.finalize()
