"""One object in several threads, and in children that are forked while ranges are open."""

import json
import os
import threading
import unittest

from support import AnnotationTest, run_program


class Threads(AnnotationTest):
    def test_every_thread_has_its_own_stack(self):
        perf = self.make_perf()
        barrier = threading.Barrier(3)

        def work(number):
            barrier.wait()
            for index in range(200):
                with perf.batch(index, items=1, message="thread%d" % number):
                    with perf.range("stage"):
                        pass

        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        perf.push_range("main")
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        perf.pop_range()
        written = perf.finalize()
        self.assertEqual(written["meta"]["total_batches"], {"object": 600})
        self.assertEqual(len(written["inside_batch_info"]), 600)
        self.assertEqual(len(written["data"]), 1201)
        self.assertNotIn("object/main/thread0_0", written["data"])

    def test_stacks_of_ended_threads_are_let_go(self):
        perf = self.make_perf()
        for _ in range(50):
            thread = threading.Thread(target=lambda: (perf.push_range("a"), perf.pop_range()))
            thread.start()
            thread.join()
        self.assertLess(len(perf._stacks._all), 5)


class Forks(AnnotationTest):
    def test_a_child_starts_with_none_of_its_parents_ranges(self):
        code, _, err = run_program(
            """
            perf = make_perf()
            with perf.range("pipeline"):
                with perf.batch(0, items=1):
                    child = os.fork()
                    if child == 0:
                        os.environ["SIDE"] = "child"
                        perf._args.output_dir += "/child"
                        with perf.range("task"):
                            pass
                        with perf.batch(1, items=5):
                            pass
                    else:
                        assert os.waitpid(child, 0)[1] == 0
            perf.finalize()
            """,
            {"BENCHMARK_PY": "1", "BENCHMARK_OUTPUT_DIR": self.folder},
        )
        self.assertEqual((code, err), (0, ""))
        with open(self.path("child", "benchmark.json"), encoding="utf-8") as file:
            child = json.load(file)
        self.assertEqual(list(child["data"]), ["object/task", "object/batch_1"])
        self.assertEqual(child["batch_info"], {"object/batch_1": [1, 5]})
        self.assertEqual(child["inside_batch_info"], [])
        self.assertEqual(
            list(self.placeholder()["data"]), ["object/pipeline/batch_0", "object/pipeline"]
        )

    def test_a_child_of_a_busy_multithreaded_parent_does_not_hang(self):
        code, out, err = run_program(
            """
            import threading
            perf = make_perf()
            stop = threading.Event()
            def work():
                index = 0
                while not stop.is_set():
                    index += 1
                    with perf.batch(index, items=1):
                        pass
            threads = [threading.Thread(target=work) for _ in range(3)]
            [thread.start() for thread in threads]
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    with perf.batch(0, items=1):
                        pass
                    perf.finalize()
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
            stop.set()
            [thread.join() for thread in threads]
            print("done")
            """,
            {
                "BENCHMARK_PY": "1",
                "BENCHMARK_OUTPUT_DIR": self.folder,
                "BENCHMARK_RECORDING": self.path("recording"),
                "BENCHMARK_PROGRESS": self.path("progress"),
            },
        )
        self.assertEqual(out, "done\n", err)
        self.assertEqual(len(os.listdir(self.path("recording"))), 21)


if __name__ == "__main__":
    unittest.main()
