"""The count of ended batches that a launcher shows."""

import os
import signal
import unittest
from unittest import mock

from support import AnnotationTest, run_program, start_program

from perf_utils import _progress


class Progress(AnnotationTest):
    def read(self):
        with open(self.path("progress"), encoding="ascii") as file:
            return file.read()

    def environment(self):
        return {"BENCHMARK_PROGRESS": self.path("progress")}

    def run_with_progress(self, source):
        code, out, err = run_program(source, self.environment())
        self.assertEqual((code, err), (0, ""))
        return out

    def test_it_is_written_ten_times_a_second_at_most(self):
        progress = _progress.Progress(self.path("progress"))
        times = [100.0, 100.05, 100.099, 100.11, 100.12]
        seen = []
        with mock.patch.object(_progress.time, "monotonic", side_effect=times):
            for _ in times:
                progress.count_batch()
                seen.append(self.read())
        self.assertEqual(seen, ["1", "1", "1", "4", "4"])
        progress.flush()
        self.assertEqual(self.read(), "5")

    def test_the_final_count_comes_with_finalize(self):
        self.run_with_progress(
            """
            perf = make_perf()
            for i in range(25):
                with perf.batch(i, items=1):
                    with perf.range("stage"):
                        pass
            with perf.batch(25) as dropped:
                dropped.delete()
            perf.finalize()
            os._exit(0)
            """
        )
        self.assertEqual(self.read(), "25")

    def test_the_final_count_comes_without_finalize_too(self):
        self.run_with_progress(
            """
            perf = make_perf()
            for i in range(12):
                with perf.batch(i, items=1):
                    pass
            """
        )
        self.assertEqual(self.read(), "12")

    def test_processes_of_one_worker_add_up(self):
        self.run_with_progress(
            """
            perf = make_perf()
            with perf.batch(0, items=1):
                pass
            children = []
            for _ in range(3):
                child = os.fork()
                if child == 0:
                    for i in range(40):
                        with perf.batch(i, items=1):
                            pass
                    perf.finalize()
                    os._exit(0)
                children.append(child)
            assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
            with perf.batch(1, items=1):
                pass
            """
        )
        self.assertEqual(self.read(), str(1 + 3 * 40 + 1))

    def test_the_first_batch_is_seen_while_the_program_runs(self):
        process = start_program(
            """
            with make_perf().batch(0, items=1):
                pass
            print("ready", flush=True)
            sys.stdin.read()
            """,
            self.environment(),
        )
        self.assertEqual(process.stdout.readline(), "ready\n")
        self.assertEqual(self.read(), "1")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)

    def test_a_file_that_cannot_be_written_harms_nothing(self):
        os.mkdir(self.path("progress"))
        out = self.run_with_progress(
            """
            with make_perf().batch(0, items=1):
                pass
            print("done")
            """
        )
        self.assertEqual(out, "done\n")


if __name__ == "__main__":
    unittest.main()
