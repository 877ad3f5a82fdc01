"""Push and pop: discipline, marks and every error."""

import threading
import unittest
from types import SimpleNamespace

from support import AnnotationTest, RememberingSink

from perf_utils import CvCudaPerf


class Construction(AnnotationTest):
    def test_arguments_without_device_or_output_folder_are_refused(self):
        for arguments in (
            None,
            SimpleNamespace(output_dir="/tmp"),
            SimpleNamespace(device_id=0),
        ):
            with self.subTest(arguments=arguments), self.assertRaises(ValueError):
                CvCudaPerf("object", default_args=arguments)

    def test_it_says_who_it_is_in_one_mark(self):
        sink = RememberingSink()
        self.make_perf(sink=sink, batch_size=4)
        ((kind, text),) = sink.events
        self.assertEqual(kind, "mark")
        self.assertIn('"obj_name":"object"', text)
        self.assertIn('"batch_size":4', text)

    def test_a_meta_mark_that_nsys_would_drop_leaves_the_arguments_out(self):
        sink = RememberingSink()
        self.make_perf(sink=sink, prompt="x" * 100_000)
        text = sink.events[0][1]
        self.assertLess(len(text), 65536)
        self.assertIn('"obj_name":"object"', text)
        self.assertIn('"args":{}', text)


class Marks(AnnotationTest):
    def test_they_stand_just_inside_the_range_they_speak_of(self):
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        perf.push_range("pipeline")
        perf.push_range("batch", batch_idx=3)
        perf.push_range("stage")
        perf.pop_range()
        perf.pop_range(total_items=16)
        perf.push_range("batch", batch_idx=4)
        perf.pop_range(delete_range=True)
        perf.pop_range()
        self.assertEqual(
            sink.events[1:],
            [
                ("begin", "pipeline", ['{"object":"object"}']),
                ("begin", "batch_3", ['{"batch":3}']),
                ("begin", "stage", []),
                ("end", "stage", []),
                ("end", "batch_3", ['{"items":16}']),
                ("begin", "batch_4", ['{"batch":4}']),
                ("end", "batch_4", ['{"delete":true}']),
                ("end", "pipeline", []),
            ],
        )

    def test_a_batch_at_the_top_is_named_after_its_object_too(self):
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        perf.push_range("batch", batch_idx=0)
        perf.pop_range(total_items=0.5)
        self.assertEqual(
            sink.events[1:],
            [
                ("begin", "batch_0", ['{"object":"object"}', '{"batch":0}']),
                ("end", "batch_0", ['{"items":0.5}']),
            ],
        )

    def test_they_are_made_without_a_benchmark_too(self):
        sink = RememberingSink()
        perf = self.make_perf(benchmarking=False, sink=sink)
        perf.push_range("batch", batch_idx=1)
        perf.pop_range(total_items=1)
        self.assertEqual(sink.events[-1], ("end", "batch_1", ['{"items":1}']))


class Names(AnnotationTest):
    def test_defaults_and_foreign_types(self):
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        for message, batch in ((None, None), (None, 2), (7, None), ("x" * 100_000, None)):
            perf.push_range(message, batch_idx=batch)
            perf.pop_range()
        names = [event[1] for event in sink.events if event[0] == "begin"]
        self.assertEqual(names[:3], ["range", "batch_2", "7"])
        # nsys drops texts of 64 KiB and more; a character takes up to 4 bytes.
        self.assertLess(4 * len(names[3]), 65536)


class Misuse(AnnotationTest):
    """Refused with and without a benchmark: a program must not fail only once it is measured."""

    def both(self):
        for benchmarking in (False, True):
            with self.subTest(benchmarking=benchmarking):
                yield self.make_perf(benchmarking=benchmarking)

    def test_pop_without_push(self):
        for perf in self.both():
            with self.assertRaisesRegex(RuntimeError, "no range is open"):
                perf.pop_range()

    def test_a_range_of_another_thread_cannot_be_popped(self):
        perf = self.make_perf()
        perf.push_range("mine")
        errors = []

        def pop():
            try:
                perf.pop_range()
            except RuntimeError as error:
                errors.append(error)

        thread = threading.Thread(target=pop)
        thread.start()
        thread.join()
        self.assertEqual(len(errors), 1)
        perf.pop_range()

    def test_total_items_outside_any_batch(self):
        for perf in self.both():
            perf.push_range("stage")
            with self.assertRaisesRegex(ValueError, "total_items.*none is open"):
                perf.pop_range(total_items=1)
            perf.pop_range()

    def test_total_items_on_a_range_inside_a_batch(self):
        for perf in self.both():
            perf.push_range("batch", batch_idx=0)
            perf.push_range("stage")
            with self.assertRaisesRegex(ValueError, "batch_0/stage.*lies inside one"):
                perf.pop_range(total_items=1)
            perf.pop_range()
            perf.pop_range(total_items=1)

    def test_items_that_are_no_count(self):
        for perf in self.both():
            perf.push_range("batch", batch_idx=0)
            for items in (-1, float("nan"), float("inf")):
                with self.assertRaises(ValueError):
                    perf.pop_range(total_items=items)
            with self.assertRaises(TypeError):
                perf.pop_range(total_items=[1])
            perf.pop_range(total_items=1)

    def test_a_batch_index_that_is_no_integer(self):
        for perf in self.both():
            with self.assertRaises(TypeError):
                perf.push_range("batch", batch_idx=1.5)

    def test_another_domain_than_the_push(self):
        for perf in self.both():
            perf.push_range("stage", domain="one")
            with self.assertRaisesRegex(ValueError, "'two'.*'one'"):
                perf.pop_range(domain="two")
            perf.pop_range(domain="one")
            perf.push_range("stage", domain="one")
            perf.pop_range()

    def test_unknown_colors_and_categories_leave_nothing_open(self):
        for perf in self.both():
            with self.assertRaisesRegex(ValueError, "unknown color 'bleu'"):
                perf.push_range("stage", color="bleu")
            with self.assertRaises(TypeError):
                perf.push_range("stage", category=1.5)
            perf.finalize()

    def test_finalize_names_the_ranges_that_are_open(self):
        for perf in self.both():
            perf.push_range("pipeline")
            perf.push_range("batch", batch_idx=2)
            with self.assertRaisesRegex(RuntimeError, "pipeline/batch_2"):
                perf.finalize()
            perf.pop_range()
            perf.pop_range()
            perf.finalize()

    def test_finalize_sees_ranges_of_threads_that_have_ended(self):
        perf = self.make_perf()
        thread = threading.Thread(target=perf.push_range, args=("forgotten",))
        thread.start()
        thread.join()
        # A new thread makes the object drop the stacks that it no longer needs.
        other = threading.Thread(target=lambda: (perf.push_range("a"), perf.pop_range()))
        other.start()
        other.join()
        with self.assertRaisesRegex(RuntimeError, "forgotten"):
            perf.finalize()


if __name__ == "__main__":
    unittest.main()
