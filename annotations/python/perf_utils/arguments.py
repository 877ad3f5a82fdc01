"""The command line that samples share."""

from __future__ import annotations

import argparse
import logging
import os
from typing import List, Optional

from ._protocol import OUTPUT_FOLDER

_LOG_LEVELS = ("info", "error", "debug", "warning")
_SMALLEST_TARGET = 10


def get_default_arg_parser(
    message: str,
    supports_video: bool = True,
    input_path: Optional[str] = None,
    output_dir: str = "/tmp",
    target_img_height: int = 224,
    target_img_width: int = 224,
    batch_size: int = 4,
    device_id: int = 0,
    supported_backends: List[str] = ["tensorrt", "pytorch"],  # noqa: B006 (never changed)
    backend: str = "tensorrt",
    log_level: str = "info",
    parser_type: str = "vision",
) -> argparse.ArgumentParser:
    """A parser that already knows the usual arguments; add your own to it.

    parser_type "vision" has all of them, "minimal" only the output folder, the device and the log
    level. The other parameters are the arguments' defaults. In a worker of `benchmark` the output
    folder's default is the worker's own.
    """
    if parser_type not in ("vision", "minimal"):
        raise ValueError('parser_type must be "vision" or "minimal", not %r' % (parser_type,))
    parser = argparse.ArgumentParser(
        description=message, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    if parser_type == "vision":
        _add_input(parser, supports_video, input_path)
    _add_common(parser, os.environ.get(OUTPUT_FOLDER) or output_dir, device_id, log_level)
    if parser_type == "vision":
        _add_sizes(parser, target_img_height, target_img_width, batch_size)
        parser.add_argument(
            "-bk",
            "--backend",
            choices=supported_backends,
            default=backend,
            help="what runs the model",
        )
    return parser


def _add_input(
    parser: argparse.ArgumentParser, supports_video: bool, input_path: Optional[str]
) -> None:
    kinds = (
        "an image, a video or a folder of images"
        if supports_video
        else "an image or a folder of images"
    )
    parser.add_argument("-i", "--input_path", default=input_path, help="path of " + kinds)


def _add_common(
    parser: argparse.ArgumentParser, output_dir: str, device_id: int, log_level: str
) -> None:
    parser.add_argument("-o", "--output_dir", default=output_dir, help="folder for what is written")
    parser.add_argument("-d", "--device_id", type=int, default=device_id, help="GPU to use")
    parser.add_argument(
        "-ll",
        "--log_level",
        choices=_LOG_LEVELS,
        default=log_level,
        help="least level that is logged",
    )


def _add_sizes(
    parser: argparse.ArgumentParser, target_img_height: int, target_img_width: int, batch_size: int
) -> None:
    parser.add_argument(
        "-th",
        "--target_img_height",
        type=int,
        default=target_img_height,
        help="height to resize to, in pixels",
    )
    parser.add_argument(
        "-tw",
        "--target_img_width",
        type=int,
        default=target_img_width,
        help="width to resize to, in pixels",
    )
    parser.add_argument("-b", "--batch_size", type=int, default=batch_size, help="items per batch")


def parse_validate_default_args(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Parses the command line, sets the log level, and raises ValueError for a value that cannot be
    right.

    Arguments that the parser does not have are not checked.
    """
    args = parser.parse_args()
    _set_log_level(getattr(args, "log_level", "info"))
    input_path = getattr(args, "input_path", None)
    if input_path is not None and not os.path.exists(input_path):
        raise ValueError("--input_path: %s is neither a file nor a folder" % input_path)
    output_dir = getattr(args, "output_dir", None)
    if output_dir is not None and not os.path.isdir(output_dir):
        raise ValueError("--output_dir: %s is no folder" % output_dir)
    _require(args, "batch_size", 1)
    _require(args, "device_id", 0)
    _require(args, "target_img_height", _SMALLEST_TARGET)
    _require(args, "target_img_width", _SMALLEST_TARGET)
    return args


def _require(args: argparse.Namespace, name: str, least: int) -> None:
    value = getattr(args, name, None)
    if value is not None and value < least:
        raise ValueError("--%s must be %d or more, not %s" % (name, least, value))


def _set_log_level(name: str) -> None:
    level = getattr(logging, name.upper())
    logging.basicConfig(format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", level=level)
    logging.getLogger().setLevel(level)
