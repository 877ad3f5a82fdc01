"""The step that takes the time: an image scaled to a quarter, pixel by pixel, as code does that nobody has made fast."""

import os
import sys
from types import SimpleNamespace

import numpy as np
import triton_python_backend_utils as pb_utils

# Triton's Python looks at no PYTHONPATH. `--trace-server` has the folder of perf_utils there; without it there are no ranges.
sys.path.extend(os.environ.get("PYTHONPATH", "").split(os.pathsep))
try:
    from perf_utils import CvCudaPerf

    perf = CvCudaPerf("preprocess", SimpleNamespace(device_id=0, output_dir=""))
except ImportError:
    perf = SimpleNamespace(push_range=lambda name: None, pop_range=lambda: None)

SCALE = 4
MEAN = np.array([123.7, 116.3, 103.5], dtype=np.float32)
DEVIATION = np.array([58.4, 57.1, 57.4], dtype=np.float32)


def scale_down(image):
    """Each pixel of the result is the mean of a square of the image."""
    height, width, channels = (image.shape[0] // SCALE, image.shape[1] // SCALE, image.shape[2])
    scaled = np.empty((height, width, channels), dtype=np.float32)
    for row in range(height):
        band = image[row * SCALE : (row + 1) * SCALE]
        for column in range(width):
            scaled[row, column] = band[:, column * SCALE : (column + 1) * SCALE].mean(axis=(0, 1))
    return scaled


def prepare(image):
    perf.push_range("scale_down")
    scaled = scale_down(image)
    perf.pop_range()
    perf.push_range("normalize")
    pixels = ((scaled - MEAN) / DEVIATION).transpose(2, 0, 1)
    perf.pop_range()
    return pixels


class TritonPythonModel:
    def execute(self, requests):
        responses = []
        for request in requests:
            images = pb_utils.get_input_tensor_by_name(request, "image").as_numpy()
            # Triton takes the bytes as they lie in memory.
            pixels = np.ascontiguousarray([prepare(image) for image in images])
            responses.append(pb_utils.InferenceResponse([pb_utils.Tensor("pixels", pixels)]))
        return responses
