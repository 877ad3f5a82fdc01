"""Our NVTX client against a tool played in Python; the choice between it and the nvtx package."""

import ctypes
import ctypes.util
import os
import sys
import types
import unittest
import warnings
from unittest import mock

from support import AnnotationTest, RememberingSink

from perf_utils import _nvtx
from perf_utils._colors import argb
from perf_utils._nvtx_client import InjectedNvtx, _EventAttributes
from perf_utils._nvtx_injection import CORE, CORE2, Injection, _Callbacks, _VersionInfo

_Ranged = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.POINTER(_EventAttributes))
_Popped = ctypes.PYFUNCTYPE(ctypes.c_int)
_Named = ctypes.PYFUNCTYPE(None, ctypes.c_uint32, ctypes.c_char_p)
_DomainRanged = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_EventAttributes))
_DomainPopped = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_DomainNamed = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p)
_DomainCreated = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p)

# A real handle is an address: it does not fit into 32 bits.
HANDLE = 0x7FFF00000000


def describe(attributes):
    one = attributes.contents
    assert (one.version, one.size, one.color_type, one.message_type) == (3, 48, 1, 1)
    return one.message.decode("utf-8"), one.color, one.category


class Tool:
    """Does with the export tables what an injection library does, and remembers what it is told."""

    def __init__(self, injection):
        self.calls = []
        self.domains = []
        self._kept = []
        self.export = injection._get_export_table
        say = self.calls.append
        self.fill(CORE, 8, _Ranged(lambda event: say(("push", describe(event))) or 0))
        self.fill(CORE, 11, _Popped(lambda: say(("pop",)) or 0))
        self.fill(CORE, 12, _Named(lambda number, name: say(("category", number, name))))
        self.fill(
            CORE2,
            1,
            ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_EventAttributes))(
                lambda domain, event: say(("mark", domain, describe(event)))
            ),
        )
        self.fill(
            CORE2,
            4,
            _DomainRanged(lambda domain, event: say(("push", domain, describe(event))) or 0),
        )
        self.fill(CORE2, 5, _DomainPopped(lambda domain: say(("pop", domain)) or 0))
        self.fill(
            CORE2,
            8,
            _DomainNamed(lambda domain, number, name: say(("category", domain, number, name))),
        )
        self.fill(CORE2, 12, _DomainCreated(self.create_domain))

    def create_domain(self, name):
        self.domains.append(name)
        return HANDLE + len(self.domains)

    def table(self, module):
        callbacks = ctypes.cast(self.export(1), ctypes.POINTER(_Callbacks)).contents
        table, size = ctypes.c_void_p(), ctypes.c_uint()
        found = callbacks.get_module_table(module, ctypes.pointer(table), ctypes.pointer(size))
        return (ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p)), size.value) if found else None

    def fill(self, module, number, function):
        self._kept.append(function)
        slots, size = self.table(module)
        assert 0 < number < size
        value = None if function is None else ctypes.cast(function, ctypes.c_void_p).value
        ctypes.c_void_p.from_address(slots[number]).value = value


class Client(unittest.TestCase):
    def setUp(self):
        injection = Injection()
        self.tool = Tool(injection)
        self.nvtx = InjectedNvtx(injection)

    def test_tables_are_those_of_nvtx_3(self):
        version = ctypes.cast(self.tool.export(3), ctypes.POINTER(_VersionInfo)).contents
        self.assertEqual((version.size, version.version), (24, 3))
        version.set_tool_version(5)
        self.assertEqual(
            [self.tool.table(module)[1] for module in range(1, 7)], [16, 9, 16, 7, 16, 7]
        )
        self.assertIsNone(self.tool.table(7))
        self.assertIsNone(self.tool.export(2))
        self.assertEqual(ctypes.sizeof(_EventAttributes), 48)

    def test_push_pop_and_mark(self):
        self.nvtx.push("st\u00e4ge", "red", None, None)
        self.nvtx.pop(None)
        self.nvtx.push("stage", 0x80102030, "d", 7)
        self.nvtx.mark("text", "m")
        self.nvtx.pop("d")
        self.assertEqual(
            self.tool.calls,
            [
                ("push", ("st\u00e4ge", 0xFFFF0000, 0)),
                ("pop",),
                ("push", HANDLE + 1, ("stage", 0x80102030, 7)),
                ("mark", HANDLE + 2, ("text", 0xFF0000FF, 0)),
                ("pop", HANDLE + 1),
            ],
        )
        self.assertEqual(self.tool.domains, [b"d", b"m"])

    def test_categories_are_numbered_and_named_once_per_domain(self):
        for _ in range(2):
            for domain, category in ((None, "io"), (None, "math"), ("d", "math")):
                self.nvtx.push("stage", "blue", domain, category)
        names = [call for call in self.tool.calls if call[0] == "category"]
        self.assertEqual(
            names,
            [
                ("category", 1, b"io"),
                ("category", 2, b"math"),
                ("category", HANDLE + 1, 1, b"math"),
            ],
        )
        pushes = [call[-1][2] for call in self.tool.calls if call[0] == "push"]
        self.assertEqual(pushes, [1, 2, 1] * 2)

    def test_text_that_c_could_not_hold(self):
        self.nvtx.push("a\0b\ud800", "blue", None, None)
        self.assertEqual(self.tool.calls, [("push", ("a\ufffdb?", 0xFF0000FF, 0))])

    def test_names_without_end_do_not_fill_the_memory(self):
        for index in range(10_000):
            self.nvtx.push("batch_%d" % index, "blue", None, None)
        self.assertLess(len(self.nvtx._attributes), 5000)
        self.assertEqual(self.tool.calls[-1], ("push", ("batch_9999", 0xFF0000FF, 0)))

    def test_a_slot_that_the_tool_empties_is_no_longer_called(self):
        self.nvtx.push("before", "blue", None, None)
        self.tool.fill(CORE, 8, None)
        self.tool.fill(CORE2, 4, None)
        self.nvtx.push("after", "blue", None, None)
        self.nvtx.push("after", "blue", "d", None)
        self.assertEqual([call[1][0] for call in self.tool.calls], ["before"])


class Unfilled(unittest.TestCase):
    def test_a_tool_that_takes_nothing_costs_nothing(self):
        nvtx = InjectedNvtx(Injection())
        nvtx.push("stage", "blue", None, "c")
        nvtx.push("stage", "blue", "d", "c")
        nvtx.mark("text", "m")
        nvtx.pop("d")
        nvtx.pop(None)


class Choice(AnnotationTest):
    def package(self, **members):
        module = types.ModuleType("nvtx")
        module.calls = []
        for name in ("push_range", "pop_range", "mark"):
            setattr(module, name, lambda *given, name=name: module.calls.append((name, *given)))
        for name, member in members.items():
            setattr(module, name, member)
        return mock.patch.dict(sys.modules, {"nvtx": module}), module

    def test_nobody_listens_without_a_tool(self):
        self.assertFalse(_nvtx.tool_attached())

    def test_the_package_is_used_where_its_domain_is_alive(self):
        patch, module = self.package(get_domain=lambda name: types.SimpleNamespace(handle=1))
        os.environ["NVTX_INJECTION64_PATH"] = "/nowhere/libinjection.so"
        with patch:
            nvtx = _nvtx.connect_nvtx()
        nvtx.push("stage", "green", None, "c")
        nvtx.mark("text", "m")
        nvtx.pop("d")
        self.assertEqual(
            module.calls,
            [
                ("push_range", "stage", 0xFF008000, None, "c"),
                ("mark", "text", 0xFF0000FF, "m"),
                ("pop_range", "d"),
            ],
        )

    def test_a_package_that_would_drop_everything_is_passed_over(self):
        cases = {
            "disabled domain": {"get_domain": lambda name: types.SimpleNamespace()},
            "another module of that name": {"mark": None},
        }
        os.environ["NVTX_INJECTION64_PATH"] = "/nowhere/libinjection.so"
        for name, members in cases.items():
            patch, module = self.package(**members)
            with self.subTest(name), patch, warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                self.assertIsNone(_nvtx.connect_nvtx())
                self.assertEqual(module.calls, [])
                # Our own client was tried instead; here its library is missing, and that is told.
                self.assertIn("no range will reach the profiler", str(caught[0].message))

    def test_a_library_that_is_no_tool_is_told(self):
        os.environ["NVTX_INJECTION64_PATH"] = ctypes.util.find_library("c") or "libc.so.6"
        with mock.patch.dict(sys.modules, {"nvtx": None}), self.assertWarns(RuntimeWarning):
            self.assertIsNone(_nvtx.connect_nvtx())


class Colors(AnnotationTest):
    def test_names_numbers_and_digits(self):
        for color, expected in (
            (None, 0xFF0000FF),
            ("blue", 0xFF0000FF),
            ("green", 0xFF008000),
            ("yellow", 0xFFFFFF00),
            ("purple", 0xFF800080),
            ("rapids", 0xFF7400FF),
            ("cyan", 0xFF00FFFF),
            ("red", 0xFFFF0000),
            ("white", 0xFFFFFFFF),
            ("darkgreen", 0xFF006400),
            ("orange", 0xFFFFA500),
            ("#102030", 0xFF102030),
            ("#80102030", 0x80102030),
            (0, 0),
            (0xFFFFFFFF, 0xFFFFFFFF),
        ):
            with self.subTest(color=color):
                self.assertEqual(argb(color), expected)

    def test_what_is_no_color(self):
        for color in ("bleu", "#12", "#1234567", "", -1, 1 << 32, 1.5, (1, 2, 3)):
            with self.subTest(color=color), self.assertRaises(ValueError):
                argb(color)

    def test_a_name_is_checked_once_and_a_number_each_time(self):
        perf = self.make_perf(sink=RememberingSink())
        for _ in range(2):
            for color in ("green", None, 0x123456):
                perf.push_range("stage", color=color)
                perf.pop_range()
            with self.assertRaises(ValueError):
                perf.push_range("stage", color=-1)


if __name__ == "__main__":
    unittest.main()
