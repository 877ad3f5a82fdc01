"""benchmark.json as finalize() writes it."""

import os
import pathlib
import platform
import unittest

from support import AnnotationTest


class Placeholder(AnnotationTest):
    def test_the_documented_program_gives_exactly_this(self):
        perf = self.make_perf(batch_size=4)
        perf.push_range("pipeline")
        for index in range(2):
            perf.push_range("batch", batch_idx=index)
            perf.push_range("stage_1")
            perf.pop_range()
            perf.pop_range(total_items=index + 1)
        perf.pop_range()
        returned = perf.finalize()
        written = self.placeholder()
        self.assertEqual(returned, written)
        self.assertEqual(
            list(written["data"].items()),
            [
                ("object/pipeline/batch_0/stage_1", [0, 0]),
                ("object/pipeline/batch_0", [0, 0]),
                ("object/pipeline/batch_1/stage_1", [0, 0]),
                ("object/pipeline/batch_1", [0, 0]),
                ("object/pipeline", [0, 0]),
            ],
        )
        for name in ("cvcuda_version", "pytorch_version", "numpy_version"):
            version = written["meta"].pop(name)
            self.assertTrue(version is None or isinstance(version, str), (name, version))
        name = written["meta"]["device"].pop("name")
        self.assertTrue(name is None or isinstance(name, str))
        self.assertEqual(
            {key: value for key, value in written.items() if key != "data"},
            {
                "mean_data": {},
                "gpu_metrics": {},
                "batch_info": {
                    "object/pipeline/batch_0": [0, 1],
                    "object/pipeline/batch_1": [1, 2],
                },
                "inside_batch_info": [
                    "object/pipeline/batch_0/stage_1",
                    "object/pipeline/batch_1/stage_1",
                ],
                "meta": {
                    "obj_name": "object",
                    "measurement_unit": "milliseconds",
                    "total_batches": {"object/pipeline": 2},
                    "python_version": platform.python_version(),
                    "device": {"id": 0},
                    "args": {"device_id": 0, "output_dir": self.folder, "batch_size": 4},
                },
            },
        )
        self.assertEqual(os.listdir(self.folder), ["benchmark.json"])

    def test_outside_of_a_benchmark_nothing_is_written(self):
        perf = self.make_perf(benchmarking=False)
        perf.push_range("pipeline")
        perf.pop_range()
        self.assertEqual(perf.finalize(), {})
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_batch_of_no_items_is_kept_but_not_counted(self):
        perf = self.make_perf()
        for index, items in enumerate((4, 0)):
            perf.push_range("batch", batch_idx=index)
            perf.pop_range(total_items=items)
        written = perf.finalize()
        self.assertEqual(
            written["batch_info"], {"object/batch_0": [0, 4], "object/batch_1": [1, 0]}
        )
        self.assertEqual(written["meta"]["total_batches"], {"object": 1})

    def test_a_batch_whose_items_were_never_told_is_no_batch_here(self):
        perf = self.make_perf()
        perf.push_range("batch", batch_idx=0)
        perf.pop_range()
        written = perf.finalize()
        self.assertEqual(written["batch_info"], {})
        self.assertEqual(written["data"], {"object/batch_0": [0, 0]})

    def test_batches_inside_batches_count_for_their_own_holders(self):
        perf = self.make_perf()
        perf.push_range("batch", batch_idx=0)
        for index in range(2):
            perf.push_range("tile", batch_idx=index)
            perf.pop_range(total_items=2)
        perf.pop_range(total_items=4)
        written = perf.finalize()
        self.assertEqual(written["meta"]["total_batches"], {"object": 1, "object/batch_0": 2})
        self.assertEqual(
            written["inside_batch_info"], ["object/batch_0/tile_0", "object/batch_0/tile_1"]
        )

    def test_delete_range_takes_all_below_it_and_nothing_else(self):
        perf = self.make_perf()
        perf.push_range("decode")
        perf.pop_range()
        for index in range(2):
            perf.push_range("batch", batch_idx=index)
            perf.push_range("stage")
            perf.pop_range()
            perf.pop_range(total_items=1, delete_range=index == 1)
        # The same path as the first one, which stays.
        perf.push_range("decode")
        perf.pop_range(delete_range=True)
        written = perf.finalize()
        self.assertEqual(
            list(written["data"]), ["object/decode", "object/batch_0/stage", "object/batch_0"]
        )
        self.assertEqual(written["batch_info"], {"object/batch_0": [0, 1]})
        self.assertEqual(written["inside_batch_info"], ["object/batch_0/stage"])

    def test_arguments_of_any_type_become_json(self):
        odd = {"path": pathlib.Path("/data"), "scale": float("nan"), "sizes": (1, 2)}
        perf = self.make_perf(**odd)
        perf.finalize()
        args = self.placeholder()["meta"]["args"]
        self.assertEqual((args["path"], args["scale"], args["sizes"]), ("/data", "nan", [1, 2]))

    def test_a_folder_that_is_missing_is_made(self):
        perf = self.make_perf()
        perf._args.output_dir = self.path("new", "folder")
        perf.finalize()
        self.assertEqual(os.listdir(self.path("new", "folder")), ["benchmark.json"])

    def test_an_output_folder_that_cannot_be_written_is_an_error(self):
        perf = self.make_perf()
        with open(self.path("file"), "w"):
            pass
        perf._args.output_dir = self.path("file")
        with self.assertRaises(OSError):
            perf.finalize()


if __name__ == "__main__":
    unittest.main()
