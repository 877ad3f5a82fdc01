"""with perf.range(), with perf.batch(), @perf.annotate."""

import asyncio
import unittest

from support import AnnotationTest, RememberingSink


class Scopes(AnnotationTest):
    def test_they_do_what_push_and_pop_do(self):
        perf = self.make_perf()
        with perf.range("pipeline"):
            with perf.batch(0, items=2), perf.range("stage"):
                pass
            with perf.batch(1) as batch:
                batch.items = 3
            with perf.batch(2, message="tile") as batch:
                batch.items = 0
        written = perf.finalize()
        self.assertEqual(
            written["batch_info"],
            {
                "object/pipeline/batch_0": [0, 2],
                "object/pipeline/batch_1": [1, 3],
                "object/pipeline/tile_2": [2, 0],
            },
        )
        self.assertEqual(written["inside_batch_info"], ["object/pipeline/batch_0/stage"])

    def test_a_range_whose_block_raises_is_ended_and_kept(self):
        perf = self.make_perf()
        with self.assertRaises(KeyError):
            with perf.range("pipeline"), perf.range("stage"):
                raise KeyError
        self.assertEqual(
            list(perf.finalize()["data"]), ["object/pipeline/stage", "object/pipeline"]
        )

    def test_a_batch_whose_block_raises_is_deleted(self):
        sink = RememberingSink()
        perf = self.make_perf(sink=sink)
        with perf.batch(0, items=1):
            pass
        with self.assertRaises(KeyError):
            with perf.batch(1, items=1), perf.range("stage"):
                raise KeyError
        self.assertEqual(list(perf.finalize()["data"]), ["object/batch_0"])
        self.assertEqual(sink.events[-1], ("end", "batch_1", ['{"items":1}', '{"delete":true}']))

    def test_an_exception_that_is_caught_inside_leaves_the_batch_alone(self):
        perf = self.make_perf()
        with perf.batch(0, items=1):
            try:
                with perf.range("try_fast_path"):
                    raise KeyError
            except KeyError:
                pass
        self.assertEqual(perf.finalize()["batch_info"], {"object/batch_0": [0, 1]})

    def test_a_batch_can_be_dropped_when_the_input_has_ended(self):
        perf = self.make_perf()
        frames = iter(["frame"])
        for index in range(9):
            with perf.batch(index, items=1) as batch:
                if next(frames, None) is None:
                    batch.delete()
                    break
        self.assertEqual(perf.finalize()["batch_info"], {"object/batch_0": [0, 1]})

    def test_bad_items_are_refused_where_they_are_set(self):
        perf = self.make_perf()
        with self.assertRaises(ValueError):
            perf.batch(0, items=-1)
        with perf.batch(0) as batch:
            with self.assertRaises(ValueError):
                batch.items = -1
            batch.items = 1
        self.assertEqual(perf.finalize()["batch_info"], {"object/batch_0": [0, 1]})

    def test_a_push_that_the_block_forgot_is_ended_and_told(self):
        perf = self.make_perf()
        with self.assertRaisesRegex(RuntimeError, "pipeline ended while.*pipeline/forgotten"):
            with perf.range("pipeline"):
                perf.push_range("forgotten")
        perf.finalize()

    def test_a_failing_block_keeps_its_own_exception(self):
        perf = self.make_perf()
        with self.assertRaises(KeyError):
            with perf.batch(0):
                perf.push_range("open")
                raise KeyError
        with self.assertRaises(KeyError):
            with perf.range("popped"):
                perf.pop_range()
                raise KeyError
        self.assertEqual(list(perf.finalize()["data"]), ["object/popped"])

    def test_one_pop_too_many_inside_is_told(self):
        perf = self.make_perf()
        with self.assertRaisesRegex(RuntimeError, "stage was ended elsewhere"):
            with perf.range("stage"):
                perf.pop_range()

    def test_a_scope_cannot_be_entered_twice_at_once(self):
        perf = self.make_perf()
        scope = perf.range("stage")
        with scope, self.assertRaisesRegex(RuntimeError, "one range at a time"):
            scope.__enter__()
        with scope:
            pass
        perf.finalize()


class Annotate(AnnotationTest):
    def test_named_bare_and_with_empty_parentheses(self):
        perf = self.make_perf()

        @perf.annotate("resize", color="green")
        def first(value, *, twice=False):
            """What it does."""
            return value * (2 if twice else 1)

        @perf.annotate
        def second():
            return first(1)

        @perf.annotate()
        def third():
            return second()

        self.assertEqual(first(4, twice=True), 8)
        self.assertEqual(third(), 1)
        self.assertEqual((first.__name__, first.__doc__), ("first", "What it does."))
        self.assertEqual(
            list(perf.finalize()["data"]),
            ["object/resize", "object/third/second/resize", "object/third/second", "object/third"],
        )

    def test_recursion_and_exceptions(self):
        perf = self.make_perf()

        @perf.annotate
        def fall(depth):
            if depth == 0:
                raise KeyError
            fall(depth - 1)

        with self.assertRaises(KeyError):
            fall(2)
        self.assertEqual(
            list(perf.finalize()["data"]),
            ["object/fall/fall/fall", "object/fall/fall", "object/fall"],
        )

    def test_generators_are_refused(self):
        perf = self.make_perf()
        with self.assertRaisesRegex(TypeError, "generator"):

            @perf.annotate
            def numbers():
                yield 1


class Asyncio(AnnotationTest):
    def test_a_coroutine_is_one_range_with_what_it_awaits(self):
        perf = self.make_perf()

        @perf.annotate
        async def outer():
            await asyncio.sleep(0)
            await inner()
            return 5

        @perf.annotate
        async def inner():
            await asyncio.sleep(0)

        self.assertEqual(asyncio.run(outer()), 5)
        self.assertEqual(list(perf.finalize()["data"]), ["object/outer/inner", "object/outer"])

    def test_tasks_that_interleave_are_refused(self):
        perf = self.make_perf()

        async def first(started, go):
            with perf.range("first"):
                started.set()
                await go.wait()

        async def both():
            started, go = asyncio.Event(), asyncio.Event()
            task = asyncio.ensure_future(first(started, go))
            await started.wait()
            with perf.range("second"):
                go.set()
                await task

        with self.assertRaisesRegex(RuntimeError, "first ended while.*first/second"):
            asyncio.run(both())
        perf.finalize()


if __name__ == "__main__":
    unittest.main()
