"""get_default_arg_parser and parse_validate_default_args."""

import inspect
import logging
import os
import unittest
from contextlib import redirect_stderr
from io import StringIO
from unittest import mock

from support import AnnotationTest

from perf_utils import get_default_arg_parser, parse_validate_default_args


def parse(*arguments, **defaults):
    with mock.patch("sys.argv", ["program", *arguments]):
        return parse_validate_default_args(get_default_arg_parser("message", **defaults))


class Parser(AnnotationTest):
    def test_parameters_and_defaults_are_the_origins(self):
        parameters = inspect.signature(get_default_arg_parser).parameters.values()
        self.assertEqual(
            [(one.name, one.default) for one in parameters],
            [
                ("message", inspect.Parameter.empty),
                ("supports_video", True),
                ("input_path", None),
                ("output_dir", "/tmp"),
                ("target_img_height", 224),
                ("target_img_width", 224),
                ("batch_size", 4),
                ("device_id", 0),
                ("supported_backends", ["tensorrt", "pytorch"]),
                ("backend", "tensorrt"),
                ("log_level", "info"),
                ("parser_type", "vision"),
            ],
        )

    def test_defaults(self):
        self.assertEqual(
            vars(parse()),
            {
                "input_path": None,
                "output_dir": "/tmp",
                "target_img_height": 224,
                "target_img_width": 224,
                "batch_size": 4,
                "device_id": 0,
                "backend": "tensorrt",
                "log_level": "info",
            },
        )

    def test_short_and_long_names(self):
        long = ["--input_path", "--output_dir", "--target_img_height", "--target_img_width"]
        long += ["--batch_size", "--device_id", "--backend", "--log_level"]
        short = ["-i", "-o", "-th", "-tw", "-b", "-d", "-bk", "-ll"]
        values = [self.folder, self.folder, "10", "11", "2", "1", "pytorch", "error"]
        expected = [self.folder, self.folder, 10, 11, 2, 1, "pytorch", "error"]
        for names in (long, short):
            args = parse(*[word for pair in zip(names, values) for word in pair])
            self.assertEqual([getattr(args, name[2:]) for name in long], expected)

    def test_a_workers_folder_is_the_default_and_an_argument_goes_before_it(self):
        os.environ["BENCHMARK_OUTPUT_DIR"] = self.folder
        self.assertEqual(parse().output_dir, self.folder)
        self.assertEqual(parse("-o", "/").output_dir, "/")

    def test_minimal_has_only_output_folder_device_and_log_level(self):
        self.assertEqual(
            vars(parse(parser_type="minimal")),
            {"output_dir": "/tmp", "device_id": 0, "log_level": "info"},
        )

    def test_another_parser_type_is_refused(self):
        with self.assertRaisesRegex(ValueError, "parser_type"):
            get_default_arg_parser("message", parser_type="audio")

    def test_own_arguments_can_be_added(self):
        parser = get_default_arg_parser("message")
        parser.add_argument("--model")
        with mock.patch("sys.argv", ["program", "--model", "m"]):
            self.assertEqual(parse_validate_default_args(parser).model, "m")

    def test_choices(self):
        for wrong in (["-bk", "caffe"], ["-ll", "loud"]):
            with self.assertRaises(SystemExit), redirect_stderr(StringIO()):
                parse(*wrong)
        self.assertEqual(parse("-bk", "onnx", supported_backends=["onnx"]).backend, "onnx")

    def test_help_names_every_default(self):
        text = get_default_arg_parser("What it does", batch_size=32).format_help()
        self.assertIn("What it does", text)
        self.assertIn("(default: 32)", text)


class Validation(AnnotationTest):
    def test_values_that_cannot_be_right(self):
        file = self.path("file")
        with open(file, "w"):
            pass
        for arguments, word in (
            (["-i", self.path("missing")], "input_path"),
            (["-o", self.path("missing")], "output_dir"),
            (["-o", file], "output_dir"),
            (["-b", "0"], "batch_size"),
            (["-d", "-1"], "device_id"),
            (["-th", "9"], "target_img_height"),
            (["-tw", "9"], "target_img_width"),
        ):
            with self.subTest(arguments=arguments), self.assertRaisesRegex(ValueError, word):
                parse(*arguments)

    def test_the_limits_themselves_are_right(self):
        args = parse("-i", self.folder, "-b", "1", "-d", "0", "-th", "10", "-tw", "10")
        self.assertEqual((args.batch_size, args.target_img_height), (1, 10))
        self.assertIsNone(parse().input_path)

    def test_the_log_level_is_set(self):
        root = logging.getLogger()
        self.addCleanup(root.setLevel, root.level)
        for name in ("debug", "info", "warning", "error"):
            parse("-ll", name)
            self.assertEqual(root.level, getattr(logging, name.upper()))


if __name__ == "__main__":
    unittest.main()
