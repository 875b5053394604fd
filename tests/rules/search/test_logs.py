"""Of a log stays what tells of trouble, and nothing that belongs to the moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.search.loglevels import Level, level_of
from ocs.rules.search.logmessage import head_and_message, message_of, without_noise
from ocs.rules.search.logs import telling_lines


def messages(log: str) -> list[str]:
    return [line.message for line in telling_lines(log, 12)]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Nov 12 03:00:01 cloud php[812]: no apps are loaded", "php : no apps are loaded"),
        ("2026-11-12T07:31:22.120481+01:00 refused", "refused"),
        ("[12-Nov-2026 09:14:55 UTC] PHP Warning: x", "[ ] PHP Warning: x"),
        (
            "2026/11/12 08:01:44 [error] 1711#1711: *5021 too large: 12582912 bytes",
            "[error] too large: bytes",
        ),
        ("from 203.0.113.4:51234 to fe80::1:2:3:4", "from to"),
        ("id 123e4567-e89b-12d3-a456-426614174000 <a@example.org>", "id"),
        ("at 0x00007fff12345678: 0x80070005", "at : 0x80070005"),
        ("commit 1a2b3c4d5e6f, a1b2c3d4e5f6 and deadbeef99", "commit , and"),
        (
            "550 5.7.26 errno 28 restarted the facade",
            "550 5.7.26 errno 28 restarted the facade",
        ),
        ("\x1b[31mfailed\x1b[0m", "failed"),
        ("<27>1 2026-11-12T07:31:22Z web2 app 812 ID47 [x@1 a=b] refused", "refused"),
        ("11-12 07:31:22.418  812  813 E Sync: refused", "E Sync: refused"),
    ],
)
def test_noise_is_taken_out_and_codes_stay(line: str, left: str) -> None:
    assert " ".join(without_noise(line).split()) == left


@pytest.mark.parametrize(
    ("level", "line"),
    [
        (Level.BAD, "<27>1 2026-11-12T07:31:22Z web2 app 812 - - refused"),
        (Level.WARNING, "<28>Nov 12 07:31:22 web2 app[812]: slow"),
        (Level.MILD, "<30>Nov 12 07:31:22 web2 app[812]: error_log opened"),
        (Level.BAD, "<30>Nov 12 07:31:22 web2 app[812]: ERROR refused"),
        (Level.BAD, "E1112 07:31:22.418291  812 proxier.go:33] refused"),
        (Level.MILD, "I1112 07:31:22.418291  812 proxier.go:33] failed rules: none"),
        (Level.BAD, "11-12 07:31:22.418  812  813 E Sync: refused"),
        (Level.MILD, "D/Wifi(812): acquire the lock, or fail"),
        (Level.BAD, "(EE) no screens"),
        (Level.BAD, "[proxy:error] [pid 812] AH01114: refused"),
        (Level.BAD, "2026-11-12 07:31:22.418 CET [812] FATAL:  refused"),
        (Level.MILD, "2026-11-12 07:31:22.418 CET [812] LOG:  no error"),
        (Level.BAD, "[2026-11-12 07:31:22] production.CRITICAL: refused"),
        (Level.BAD, "[07:31:22 ERR] refused"),
        (Level.BAD, "Error        11/12/2026 7:31:20 AM  Application  812  None  refused"),
        (Level.BAD, "12.11.2026 07:31:22\tFehler\tAnwendung\t812\tabgelehnt"),
        (Level.MILD, "11/12/2026 07:31:22 AM,Information,Windows Update,19,no error"),
        (Level.BAD, "<Event><System><Level>2</Level></System></Event>"),
        (Level.MILD, "<Event><System><Level>4</Level></System><Data>no error</Data></Event>"),
        (Level.BAD, '{"level":50,"msg":"refused"}'),
        (Level.MILD, '{"level":30,"msg":"an error page was sent"}'),
        (Level.BAD, '{"reqId":"x","level":3,"message":"refused"}'),
        (Level.MILD, '{"PRIORITY":"6","MESSAGE":"no error"}'),
        (Level.BAD, "ts=2026-11-12T07:31:22Z caller=main.go:33 level=error msg=refused"),
        (Level.MILD, "level=info msg='retry after error'"),
        (Level.BAD, "%SYS-3-CPUHOG: Task ran long"),
        (Level.MILD, "%ASA-6-302013: Built connection, error page"),
        (
            Level.MILD,
            '203.0.113.4 - - [12/Nov/2026:07:31:22 +0100] "GET /error HTTP/1.1" 200 12',
        ),
        (
            Level.WARNING,
            '203.0.113.4 - - [12/Nov/2026:07:31:22 +0100] "GET / HTTP/1.1" 502 12',
        ),
        (Level.WARNING, '"GET / HTTP/1.1" 500 12'),
        (Level.MILD, '"GET / HTTP/1.1" 499 12'),
        (Level.MILD, '{"level":39,"msg":"refused"}'),
        (Level.WARNING, '{"level":40,"msg":"refused"}'),
        (Level.WARNING, '{"level":49,"msg":"refused"}'),
        (Level.MILD, '{"level":10,"msg":"refused"}'),
        (Level.MILD, '{"level":9,"msg":"refused"}'),
        (Level.MILD, '{"level":5,"msg":"refused"}'),
        (Level.WARNING, '{"level":2,"msg":"refused"}'),
        (Level.BAD, '{"level":2,"short_message":"refused"}'),
        (Level.WARNING, '{"PRIORITY":"4","MESSAGE":"refused"}'),
        (Level.TROUBLE, "level=3 msg=refused"),
        (Level.MILD, "<Event><System><Level>9</Level></System><Data>error</Data></Event>"),
        (Level.WARNING, "<28>Nov 12 07:31:22 web2 app[812]: WARNING refused"),
        (Level.BAD, "<27>Nov 12 07:31:22 web2 app[812]: INFO refused"),
        (Level.MILD, "<28>Nov 12 07:31:22 web2 app[812]: INFO refused"),
        (Level.TROUBLE, "java.net.ConnectException: Connection refused"),
        (Level.TROUBLE, "spid51s     Could not find the file, Severity: 16, State: 1."),
        (Level.UNKNOWN, "Repository: nightly  Errors: 0  Files: 812"),
        (Level.UNKNOWN, "812 files, 0 errors"),
        (Level.FRAME, "    at java.base/java.lang.Thread.run(Thread.java:812)"),
        (Level.FRAME, '  File "/usr/lib/python3/error.py", line 33, in fail'),
        (Level.FRAME, "#3 /var/www/lib/Error.php(812): fail()"),
        (Level.FRAME, "\t... 12 more"),
    ],
)
def test_a_level_is_known_in_each_form(level: Level, line: str) -> None:
    assert level_of(line) is level


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            '{"time":"x","level":"error","msg":"cannot \\"open\\" it","status":500}',
            'cannot "open" it',
        ),
        ('{"log":"{\\"message\\":\\"refused\\"}\\n","stream":"stderr"}', "refused"),
        (
            'web-1 | {"level":"error","message":"refused","error":"no route"}',
            "web-1 | refused no route",
        ),
        ('time=x level=error msg="not ready" attempt=3', "not ready"),
        ("level=error msg=not ready attempt=3", "not ready"),
        ("<Event><Level>2</Level><Data Name='a'>not ready</Data></Event>", "2 not ready"),
        ("not ready", "not ready"),
        ('ERROR it has expired {"error":""}', 'ERROR it has expired {"error":""}'),
        ('ERROR it has expired {"reason":"E7"}', "ERROR it has expired E7"),
        ('ERROR it has expired err=""', 'ERROR it has expired err=""'),
        ("ERROR over quota (reason=552)", "ERROR over quota (reason=552)"),
        (
            'x.ERROR: refused {"id":7,"exception":"[object] (PDO)"}',
            "x.ERROR: refused [object] (PDO)",
        ),
        (
            '{"level":"error","msg":"","event":"expired"}',
            '{"level":"error","msg":"","event":"expired"}',
        ),
    ],
)
def test_the_message_is_what_stands_before_the_fields_and_those_that_say_something(
    line: str, message: str
) -> None:
    assert message_of(line) == message


@pytest.mark.parametrize(
    ("line", "head"),
    [
        (" app : not ready yet", "app :"),
        ("[main-812]  o.e.app.Service - not ready yet", "[main-812] o.e.app.Service -"),
        ("  --- [    main] o.s.b.Spring       : not ready yet", "--- [ main] o.s.b.Spring :"),
        ("Error           Application     None  not ready yet", "Error Application None"),
        ("worker-1  |   [error] not ready yet", "worker-1 | [error]"),
        ("[pod/api-7d9/api]   not ready yet", "[pod/api-7d9/api]"),
        ("Caused by: java.io.IOException: not ready yet", "Caused by: java.io.IOException:"),
        (",,MSExchange Transport,812,not ready yet", ",,MSExchange Transport,812,"),
        ("not ready yet", ""),
        ("the cell A1: not ready yet", ""),
        ("app:", ""),
    ],
)
def test_what_stands_before_the_message_is_told_apart(line: str, head: str) -> None:
    before, message = head_and_message(line)
    assert " ".join(before.split()) == head
    assert before + message == line


def test_only_the_worst_lines_are_kept_each_once_and_the_worst_come_last() -> None:
    log = """\
10:00:01 INFO no errors so far
10:00:02 WARNING disk almost full
10:00:03 ERROR cannot write 4711
10:00:04 ERROR cannot write 4712
"""
    assert messages(log) == ["disk almost full", "cannot write 4711", "cannot write 4712"]
    assert messages(log.replace("471", "98765471")) == ["disk almost full", "cannot write"]
    assert [line.message for line in telling_lines(log, 1)] == ["cannot write 4712"]


def test_lines_that_are_in_order_are_read_only_where_there_are_no_others() -> None:
    assert messages("10:00:01 INFO started\n10:00:02 WARNING slow") == ["slow"]
    assert messages("10:00:01 INFO started\n10:00:02 DEBUG done") == ["started", "done"]
    assert messages("10:00:01 started") == ["started"]
    frame = "    at org.example.Shop.pay(Shop.java:33)"
    assert messages(f"Cart is empty\n{frame}") == ["Cart is empty"]
    assert messages(frame) == ["at org.example.Shop.pay(Shop.java:33)"]


def test_lines_that_differ_only_in_numbers_do_not_push_others_out() -> None:
    log = "ERROR the disk is gone\n" + "\n".join(
        f"ERROR retry {number}" for number in range(100)
    )
    assert "the disk is gone" in [line.message for line in telling_lines(log, 24)]


def test_no_more_than_twelve_lines_of_a_form_are_read_and_those_are_the_last() -> None:
    log = "\n".join(f"ERROR retry {number}" for number in range(13))
    assert messages(log) == [f"retry {number}" for number in range(1, 13)]


def test_a_line_has_what_stands_before_its_message_and_how_bad_it_is() -> None:
    (line,) = telling_lines("app: cannot write\n--- ERROR ---", 12)
    assert line.message == "cannot write"
    assert (line.head.split(), line.level) == (["app:"], Level.TROUBLE)
    assert messages("") == messages("---") == []


@given(st.text(max_size=400))
def test_any_text_is_a_log(text: str) -> None:
    for line in telling_lines(text, 12):
        assert line.message.split()


PIECES = [
    "<27>1 ",
    "E1112 ",
    '{"msg":"',
    '\\"',
    "}",
    "msg=",
    "[",
    "]",
    ": ",
    "  ",
    "\t",
    "|",
    "ERROR",
    "0x8",
    "é",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_pieces_of_lines_are_a_log(text: str) -> None:
    for line in telling_lines(text, 12):
        assert line.message.split()
