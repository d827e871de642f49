"""Requests that carry a number, from many connections at a time; the answer to each has to name that number."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.forms import clean_form, form_text
from benchmarks.service import Connection, Response

__all__ = ["Load", "is_problem", "names_its_number", "numbered_form"]

_FORM = clean_form(1, 8)
_FORM["heading"]["project"] = "绿道养护第{NUMBER}号"
_FORM["total"]["score"] = Decimal("11223344.55")
_TEXT = form_text(_FORM)


def _score(number: int) -> str:
    return f"{number}.25"


def numbered_form(number: int) -> bytes:
    """A form whose project and whose wrong total tell its number."""
    return _TEXT.replace("{NUMBER}", str(number)).replace("11223344.55", _score(number)).encode()


def names_its_number(response: Response, number: int) -> bool:
    """Whether an answer is whole, and the one to the form with this number."""
    (document,) = json.loads(response.body)["documents"]
    (finding,) = [finding for finding in document["findings"] if finding["code"] == "LP204"]
    return (
        document["path"] == f"form-{number}.json"
        and document["title"] == f"绿道养护第{number}号"
        and finding["location"] is not None
        and f"总得分为 {_score(number)} 分" in finding["message"]
    )


def is_problem(response: Response) -> bool:
    """Whether an answer is a problem with a sentence, that tells its own status."""
    if response.headers.get("content-type") != "application/problem+json":
        return False
    problem = json.loads(response.body)
    return problem["status"] == response.status and bool(problem["detail"])


@dataclass
class Load:
    """So many connections that send one numbered form after the other until they are told to stop.

    statuses  how many answers had which status
    broken    when requests that got no answer were sent: the connection was closed
    hostile   further files, (name, content), sent now and then: each needs an answer, whatever it says
    """

    port: int
    connections: int = 6
    hostile: Sequence[tuple[str, bytes]] = ()
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    slowest: float = 0.0
    stopping: bool = False
    _numbers: int = 1000

    async def run(self, meanwhile: Callable[[], object]) -> None:
        """Load while something is done."""
        tasks = [asyncio.ensure_future(self._connection(seed)) for seed in range(self.connections)]
        try:
            done = meanwhile()
            if asyncio.iscoroutine(done):
                await done
        finally:
            self.stopping = True
            await asyncio.wait_for(asyncio.gather(*tasks), 60)

    async def answered(self, number: int, seconds: float = 30.0) -> None:
        """Wait until so many further requests were answered well."""
        goal, until = self.statuses[200] + number, time.monotonic() + seconds
        while self.statuses[200] < goal:
            assert time.monotonic() < until, f"too few answers: {self.statuses}"
            await asyncio.sleep(0.01)

    async def _connection(self, seed: int) -> None:
        chance = random.Random(seed)
        connection = Connection(self.port)
        while not self.stopping:
            sent = time.monotonic()
            try:
                if self.hostile and chance.random() < 0.05:
                    name, content = chance.choice(self.hostile)
                    response = await connection.check(name, content)
                    assert response.status == 200 or is_problem(response), response
                    assert b"form-" not in response.body
                else:
                    self._numbers += 1
                    number = self._numbers
                    response = await connection.check(f"form-{number}.json", numbered_form(number))
                    if response.status == 200:
                        assert names_its_number(response, number), response.body.decode()
                    else:
                        assert is_problem(response), response
                    self.statuses[response.status] += 1
                    self.slowest = max(self.slowest, response.seconds)
            except (OSError, EOFError):
                self.broken.append(sent)
                await asyncio.sleep(0.02)
        connection.close()
