"""The built-in recorder (schemas/recording.ts), each time in a process of its own."""

import json
import os
import signal
import textwrap
import time
import unittest

from support import AnnotationTest, run_program, start_program

THREE_RANGES = textwrap.dedent(
    """\
    perf = make_perf()
    perf.push_range("pipeline")
    perf.push_range("batch", batch_idx=7)
    perf.push_range('st"a\\u00fcge\\n', domain="work", category="c", color="green")
    perf.pop_range(domain="work")
    perf.pop_range(total_items=4)
    perf.pop_range()
    """
)


def read_lines(path):
    with open(path, encoding="ascii") as file:
        return [json.loads(line) for line in file]


def read_ranges(lines):
    """(name, parent's name, start, end) of one thread's ranges; end is None while it is open."""
    done, stack = [], []
    for kind, *rest in lines[1:]:
        if kind == "open":
            stack.append(rest[2])
        elif kind == "close":
            done.append((stack.pop(), stack[-1] if stack else None, rest[1], rest[2]))
    return done + [(name, None, None, None) for name in stack]


class Recording(AnnotationTest):
    def environment(self):
        return {"BENCHMARK_RECORDING": self.path("recording")}

    def files(self):
        folder = self.path("recording")
        return sorted(os.path.join(folder, name) for name in os.listdir(folder))

    def record(self, source):
        code, out, err = run_program(source, self.environment())
        self.assertEqual((code, err), (0, ""))
        return out

    def test_every_line_is_as_the_format_says(self):
        pid = int(self.record(THREE_RANGES + "print(os.getpid())"))
        (file,) = self.files()
        self.assertEqual(os.path.basename(file), "recording-%d.jsonl" % pid)
        (kind, header), (mark, tid, _, meta), *lines = read_lines(file)
        self.assertEqual((kind, header["formatVersion"], header["pid"]), ("header", 1, pid))
        self.assertRegex(header["library"], r"^perf_utils \d+\.\d+\.\d+ \(Python 3\.\d+\.\d+\S*\)$")
        now = time.monotonic_ns()
        self.assertLess(0, now - int(header["originMonotonicNs"]))
        self.assertLess(now - int(header["originMonotonicNs"]), 60e9)
        self.assertLess(abs(time.time_ns() - int(header["originUnixNs"])), 60e9)
        self.assertEqual((mark, tid), ("mark", pid))
        self.assertEqual(json.loads(meta)["meta"]["obj_name"], "object")
        self.assertEqual(
            [[line[0], line[1], *line[3:]] for line in lines if line[0] != "close"],
            [
                ["open", pid, "pipeline", None],
                ["mark", pid, '{"object":"object"}'],
                ["open", pid, "batch_7", None],
                ["mark", pid, '{"batch":7}'],
                ["open", pid, 'st"a\u00fcge\n', "work"],
                ["mark", pid, '{"items":4}'],
            ],
        )

    def test_times_nest_and_marks_lie_inside_their_ranges(self):
        self.record(THREE_RANGES)
        lines = read_lines(self.files()[0])
        (_, _, s0, e0), (_, _, s1, e1), (_, _, s2, e2) = read_ranges(lines)
        self.assertEqual([one[0] for one in read_ranges(lines)][1:], ["batch_7", "pipeline"])
        self.assertTrue(s2 < s1 < s0 < e0 < e1 < e2, lines)
        at = {line[3]: line[2] for line in lines if line[0] == "mark"}
        self.assertTrue(s1 <= at['{"batch":7}'] <= s0 and e0 <= at['{"items":4}'] <= e1, lines)
        opened = [line[2] for line in lines if line[0] == "open"]
        self.assertTrue(all(at <= start for at, start in zip(opened, (s2, s1, s0))), lines)

    def test_a_killed_process_loses_only_the_ends_of_its_open_ranges(self):
        process = start_program(
            """
            perf = make_perf()
            perf.push_range("pipeline")
            perf.push_range("done"); perf.pop_range()
            perf.push_range("open")
            print("ready", flush=True)
            sys.stdin.read()
            """,
            self.environment(),
        )
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        ranges = read_ranges(read_lines(self.files()[0]))
        self.assertEqual([one[0] for one in ranges], ["done", "pipeline", "open"])
        self.assertEqual([one[3] is None for one in ranges], [False, True, True])

    def test_threads_keep_their_own_ids_and_nesting(self):
        self.record(
            """
            import threading
            perf = make_perf()
            barrier = threading.Barrier(4)
            def work(name):
                for _ in range(50):
                    barrier.wait()
                    with perf.range(name):
                        with perf.range(name + "_inner"):
                            pass
            threads = [threading.Thread(target=work, args=("t%d" % i,)) for i in range(4)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            perf.finalize()
            """
        )
        header, *lines = read_lines(self.files()[0])
        tids = {line[1] for line in lines if line[0] == "open"}
        self.assertEqual(len(tids), 4)
        for tid in tids:
            ranges = read_ranges([header] + [line for line in lines if line[1] == tid])
            names = {one[0] for one in ranges if one[1] is None}
            self.assertEqual((len(names), len(ranges)), (1, 100))
            (name,) = names
            self.assertTrue(all(one[0] in (name, name + "_inner") for one in ranges))

    def test_a_forked_child_gets_a_file_of_its_own(self):
        out = self.record(
            """
            perf = make_perf()
            perf.push_range("pipeline")
            child = os.fork()
            if child == 0:
                perf.push_range("in_child")
                perf.pop_range()
                perf.pop_range()  # The parent's: nothing of the child's.
                perf.finalize()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            perf.pop_range()
            perf.finalize()
            print(os.getpid(), child)
            """
        )
        parent, child = out.split()
        self.assertEqual(len(self.files()), 2)
        mine = read_lines(self.path("recording", "recording-%s.jsonl" % parent))
        theirs = read_lines(self.path("recording", "recording-%s.jsonl" % child))
        self.assertEqual([one[0] for one in read_ranges(mine)], ["pipeline"])
        self.assertEqual([one[:2] for one in read_ranges(theirs)], [("in_child", None)])
        self.assertEqual(theirs[0][1]["pid"], int(child))
        self.assertTrue(all(line[1] == int(child) for line in theirs[1:]))
        # It stands at the top there, so it says whose it is.
        self.assertIn('{"object":"object"}', [line[3] for line in theirs if line[0] == "mark"])

    def test_a_child_that_annotates_nothing_leaves_no_file(self):
        self.record(
            """
            perf = make_perf()
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitpid(child, 0)
            """
        )
        self.assertEqual(len(self.files()), 1)

    def test_a_process_that_execs_another_program_does_not_mix_the_two(self):
        self.record(
            """
            with make_perf("first").range("before"):
                pass
            code = "from perf_utils import CvCudaPerf; from types import SimpleNamespace as N\\n"
            code += "with CvCudaPerf('second', N(device_id=0, output_dir='.')).range('after'): pass"
            os.execv(sys.executable, [sys.executable, "-c", code])
            """
        )
        ranges = [[one[0] for one in read_ranges(read_lines(file))] for file in self.files()]
        self.assertEqual(sorted(ranges), [["after"], ["before"]])

    def test_a_folder_that_cannot_be_written_is_told_once_and_harms_nothing(self):
        with open(self.path("recording"), "w"):
            pass
        code, out, err = run_program(THREE_RANGES + "print('done')", self.environment())
        self.assertEqual((code, out), (0, "done\n"))
        self.assertEqual(err.count("perf_utils: recording into"), 1)

    def test_a_full_disk_is_told_once_and_harms_nothing(self):
        source = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        perf = make_perf()
        for _ in range(1000):
            with perf.range("stage"):
                pass
        print("done")
        """
        code, out, err = run_program(source, self.environment())
        self.assertEqual((code, out), (0, "done\n"))
        self.assertEqual(err.count("perf_utils: recording into"), 1)
        with open(self.files()[0], encoding="ascii") as file:
            lines = file.read().split("\n")
        for line in lines[:-1]:
            json.loads(line)

    def test_no_recording_is_made_unasked(self):
        code, _, err = run_program(THREE_RANGES, {"BENCHMARK_PY": "1"})
        self.assertEqual((code, err), (0, ""))
        self.assertFalse(os.path.exists(self.path("recording")))


if __name__ == "__main__":
    unittest.main()
