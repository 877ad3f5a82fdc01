"""The common start of a run's workers: the first batch is held, and nothing else ever is."""

import json
import os
import signal
import threading
import time
import unittest
from unittest import mock

from support import AnnotationTest, RememberingSink, run_program, start_program

from perf_utils import _start

SECOND = 10**9


class CommonStart(AnnotationTest):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("start"))
        os.environ["BENCHMARK_SYNC"] = self.path("start", "0")
        forgotten = mock.patch.object(_start, "_start_line", None)
        forgotten.start()
        self.addCleanup(forgotten.stop)

    def say_go(self, ahead_ns=0, why="together"):
        with open(self.path("start", "go.tmp"), "w", encoding="ascii") as file:
            file.write("%d %s\n" % (time.monotonic_ns() + ahead_ns, why))
        os.rename(self.path("start", "go.tmp"), self.path("start", "go"))

    def say_go_on_arrival(self, ahead_ns=0):
        def answer():
            while not os.path.exists(self.path("start", "0")):
                time.sleep(0.001)
            self.say_go(ahead_ns)

        thread = threading.Thread(target=answer)
        thread.start()
        self.addCleanup(thread.join)

    def sync_marks(self, sink):
        texts = [event[1] for event in sink.events if event[0] == "mark"]
        return [json.loads(text)["sync"] for text in texts if "sync" in text]

    def test_the_first_batch_waits_for_the_moment_before_its_push(self):
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        self.say_go_on_arrival(ahead_ns=SECOND // 5)
        perf.push_range("pipeline")
        began = time.monotonic_ns()
        perf.push_range("batch", batch_idx=0)
        waited = time.monotonic_ns() - began
        perf.pop_range(total_items=1)
        perf.push_range("batch", batch_idx=1)
        perf.pop_range(total_items=1)
        perf.pop_range()
        self.assertGreaterEqual(waited, SECOND // 5)
        (mark,) = self.sync_marks(sink)
        self.assertEqual(mark["end"], "together")
        self.assertLessEqual(SECOND // 5, mark["waitedNs"])
        self.assertLessEqual(mark["waitedNs"], waited)
        kinds = [event[0] for event in sink.events[1:]]
        self.assertEqual(
            kinds, ["begin", "mark", "begin", "end", "begin", "end", "end"], sink.events
        )

    def test_ranges_that_are_no_batches_wait_for_nobody(self):
        perf = self.make_perf(sink=RememberingSink())
        with perf.range("pipeline"), perf.range("setup"):
            pass
        self.assertEqual(os.listdir(self.path("start")), [])

    def test_without_a_launcher_nothing_is_held(self):
        del os.environ["BENCHMARK_SYNC"]
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        self.assertIsNone(perf._start_line)
        with perf.batch(0, items=1):
            pass
        self.assertEqual(self.sync_marks(sink), [])

    def test_a_scope_is_held_too_and_another_object_is_not_again(self):
        self.say_go_on_arrival()
        sink = RememberingSink()
        first, second = self.make_perf(sink=sink), self.make_perf(sink=sink)
        with first.batch(0, items=1):
            pass
        with second.batch(0, items=1):
            pass
        self.assertEqual(len(self.sync_marks(sink)), 1)
        self.assertIsNone(_start.process_start_line())

    def test_all_threads_that_begin_a_batch_are_held(self):
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        starts = []

        def work(index):
            with perf.batch(index, items=1):
                starts.append(time.monotonic_ns())

        threads = [threading.Thread(target=work, args=(index,)) for index in range(3)]
        for thread in threads:
            thread.start()
        while not os.path.exists(self.path("start", "0")):
            time.sleep(0.001)
        self.assertEqual(starts, [])
        self.say_go(ahead_ns=SECOND // 5)
        moment = time.monotonic_ns()
        for thread in threads:
            thread.join()
        self.assertGreater(min(starts), moment)
        self.assertEqual(len(self.sync_marks(sink)), 3)

    def test_who_comes_late_does_not_wait_and_says_so(self):
        self.say_go(why="timed-out")
        line = _start.StartLine(self.path("start", "0"))
        self.assertEqual(line.wait(), _start.Start(0, "late"))

    def test_another_process_of_a_worker_that_has_passed_says_nothing(self):
        self.say_go()
        with open(self.path("start", "0"), "w", encoding="ascii"):
            pass
        self.assertIsNone(_start.StartLine(self.path("start", "0")).wait())

    def test_a_moment_of_another_clock_holds_nobody(self):
        self.say_go(ahead_ns=3600 * SECOND)
        start = _start.StartLine(self.path("start", "0")).wait()
        self.assertEqual(start.end, "together")
        self.assertLess(start.waited_ns, 60 * SECOND)

    def test_a_launcher_that_says_nothing_is_left(self):
        start = _start.StartLine(self.path("start", "0"), timeout_seconds=0.05).wait()
        self.assertEqual(start.end, "abandoned")
        self.assertGreaterEqual(start.waited_ns, SECOND // 20)

    def test_a_folder_that_goes_lets_go(self):
        def remove():
            while not os.path.exists(self.path("start", "0")):
                time.sleep(0.001)
            os.rename(self.path("start"), self.path("gone"))

        thread = threading.Thread(target=remove)
        thread.start()
        self.assertEqual(_start.StartLine(self.path("start", "0")).wait().end, "abandoned")
        thread.join()

    def test_a_program_that_outlives_its_launcher_goes_on(self):
        code, out, err = run_program(
            """
            with make_perf().batch(0, items=1):
                print("done")
            """,
            {"BENCHMARK_SYNC": self.path("nowhere", "0")},
        )
        self.assertEqual((code, out), (0, "done\n"))
        self.assertIn("does not wait for the others", err)

    def test_timeouts_that_are_none_fall_back(self):
        for text in ("", "soon", "nan", "-1"):
            os.environ["BENCHMARK_SYNC_TIMEOUT"] = text
            self.assertEqual(_start._read_timeout(), _start._TIMEOUT_SECONDS)

    def test_an_interrupt_ends_the_wait(self):
        process = start_program(
            """
            try:
                with make_perf().batch(0, items=1):
                    print("batch")
            except KeyboardInterrupt:
                print("interrupted")
            """,
            {"BENCHMARK_SYNC": self.path("start", "0")},
        )
        while not os.path.exists(self.path("start", "0")):
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(out, "interrupted\n")


if __name__ == "__main__":
    unittest.main()
