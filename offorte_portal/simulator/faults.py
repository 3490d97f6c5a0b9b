"""Faults that a test scripts: which requests go wrong, in which way, how often."""

import re
import threading
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

FaultKind = Literal[
    "rate_limited", "error_500", "unavailable_503_html", "status", "slow", "drop_before", "drop_after",
    "malformed_json", "missing_field", "null_field", "renamed_field", "unknown_field", "empty_body", "html_200",
    "redirect",
]  # fmt: skip


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong, for requests that match `method`, `path` and `account` (None matches all).

    `path` is a regular expression for the whole path below the account, with or without its trailing slash.
    The first `after` matches pass unharmed, then `times` go wrong (None: for ever).

    - rate_limited: 429, with `retry_after` as its Retry-After when given (seconds, or an HTTP date)
    - error_500: 500 with JSON; unavailable_503_html: 503 with HTML; status: `status` with JSON
    - slow: answers after `seconds`, or at `clear` and `be_quick`
    - drop_before: connection closed, nothing done; drop_after: done, but no answer
    - malformed_json: body cut off in the middle; empty_body; html_200: 200 with HTML; redirect: 302 to `location`
    - missing_field, null_field, renamed_field: field `name` (dotted; lists are walked), where the answer has it, is
      removed, null, or called `value`; unknown_field: it is added with `value`; of a list's items only number `item`
      when given
    """

    kind: FaultKind
    method: str | None = None
    path: str = r".*"
    account: str | None = None
    times: int | None = 1
    after: int = 0
    retry_after: float | str | None = None
    seconds: float = 1.0
    name: str = "id"
    value: Any = "unknown"
    item: int | None = None
    location: str = "/elsewhere/"
    status: int = 500
    over: threading.Event = field(default_factory=threading.Event, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"unknown kind of fault: {self.kind}")
        re.compile(self.path)

    def matches(self, *, account: str, method: str, path: str) -> bool:
        """Whether a request is one of those meant."""
        return (
            self.account in {None, account}
            and (self.method is None or self.method.upper() == method)
            and any(re.fullmatch(self.path, form) for form in {path, path.rstrip("/"), path.rstrip("/") + "/"})
        )


class Faults:
    """The faults that wait for their requests, in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        # Faults that may be holding a request now.
        self._begun: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Script a fault."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Drop all faults that have not happened yet, and let go of the requests that one holds."""
        with self._lock:
            self._let_go()
            self._faults.clear()

    def be_quick(self) -> None:
        """Drop the slow ones only, and let go of the requests that they hold."""
        with self._lock:
            self._let_go()
            self._faults = [fault for fault in self._faults if fault.kind != "slow"]

    def _let_go(self) -> None:
        for fault in self._begun:
            fault.over.set()
        self._begun.clear()

    @property
    def waiting(self) -> list[Fault]:
        """The faults that still can happen."""
        with self._lock:
            return list(self._faults)

    def take(self, *, account: str, method: str, path: str) -> Fault | None:
        """The fault that happens to this request, if any; counts it."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(account=account, method=method, path=path):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                if fault.kind == "slow":
                    self._begun.append(fault)
                return fault
        return None


def edit_answer(answer: Any, fault: Fault) -> Any:
    """The answer's JSON with the fault's field removed, nulled or added."""
    targets = answer if isinstance(answer, list) else [answer]
    if isinstance(answer, list) and fault.item is not None:
        targets = answer[fault.item : fault.item + 1]
    for target in targets:
        _edit(target, fault.name.split("."), fault)
    return answer


def _edit(node: Any, path: list[str], fault: Fault) -> None:
    if isinstance(node, list):
        for item in node:
            _edit(item, path, fault)
    elif isinstance(node, dict) and len(path) > 1:
        _edit(node.get(path[0]), path[1:], fault)
    elif isinstance(node, dict) and fault.kind == "missing_field":
        node.pop(path[0], None)
    elif isinstance(node, dict) and fault.kind == "renamed_field":
        if path[0] in node:
            node[fault.value] = node.pop(path[0])
    elif isinstance(node, dict) and fault.kind == "null_field":
        if path[0] in node:
            node[path[0]] = None
    elif isinstance(node, dict):
        node[path[0]] = fault.value
