"""How fast a platform lets us speak: never faster, and never needlessly slower."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict

import pytest

from core.chat import Audience, Card, Place, Post
from core.pacing import KEPT, LEVELS, Pace, Pacer, Rate
from tests.fakes.world import YOU

PACES = {"chat": Pace(platform=Rate(50, burst=2), space=Rate(5, burst=10), channel=Rate(1, burst=3))}


class Steady:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def pacer(steady: Steady) -> Pacer:
    return Pacer(PACES, steady)


def post(channel: str = "c", space: str = "s", platform: str = "chat") -> Post:
    return Post(key="k", into=Place(platform=platform, space=space, channel=channel), card=Card())


def test_a_burst_then_one_at_a_time(pacer: Pacer) -> None:
    """Three at once in a channel that rested, then one a second."""
    waits = [pacer.take(post(), "channel") for _ in range(6)]
    assert waits == pytest.approx([0, 0, 0, 1, 2, 3], abs=0.05)


def test_a_rest_gives_a_burst_again_and_never_more(pacer: Pacer, steady: Steady) -> None:
    for _ in range(5):
        pacer.take(post(), "channel")
    steady.at += 60
    assert [round(pacer.take(post(), "channel")) for _ in range(5)] == [0, 0, 0, 1, 2]


def test_channels_do_not_wait_for_each_other_but_share_their_space(pacer: Pacer) -> None:
    assert [pacer.take(post(channel=f"c{n}"), "channel") for n in range(12)] == [0.0] * 12
    waits = [pacer.take(post(channel=f"c{n}"), "space") for n in range(12)]
    assert waits == pytest.approx([0.0] * 10 + [0.2, 0.4], abs=0.01)


def test_no_second_ever_holds_more_than_is_permitted(pacer: Pacer, steady: Steady) -> None:
    """Ten thousand posts at random moments to random channels: in no second more than the rate and the burst, in any bucket."""
    rng = random.Random(5)
    events: list[tuple[float, int, Post, int]] = []
    at = steady.at
    for n in range(10_000):
        at += rng.expovariate(70)
        events.append((at, n, post(channel=f"c{rng.randrange(12)}", space=f"s{rng.randrange(20)}"), 0))
    starts: dict[str, list[float]] = defaultdict(list)
    while events:
        at, n, one, done = heapq.heappop(events)
        if done < len(LEVELS):
            steady.at = at
            heapq.heappush(events, (at + pacer.take(one, LEVELS[done]), n, one, done + 1))
        else:
            for name in ("chat", one.into.space_key, str(one.channel)):
                starts[name].append(at)
    limits = {0: 52, 1: 15, 2: 4}
    for name, times in starts.items():
        limit = limits[name.count("/")]
        worst = max(sum(1 for other in times[n : n + limit + 2] if other < at + 0.999) for n, at in enumerate(times))
        assert worst <= limit, name
    assert (starts["chat"][-1] - starts["chat"][0]) * 50 < 10_000 * 1.1, "the platform was not used as far as it permits"


def test_looking_takes_nothing(pacer: Pacer) -> None:
    for _ in range(3):
        pacer.take(post(), "channel")
    assert [pacer.wait(post()) for _ in range(3)] == pytest.approx([1, 1, 1], abs=0.01)


def test_who_is_told_to_come_again_comes_after_those_told_before(pacer: Pacer) -> None:
    """Otherwise all of them would come back at the same moment and be sent away again."""
    for _ in range(3):
        pacer.take(post(), "channel")
    assert [pacer.promise(post()) for _ in range(3)] == pytest.approx([1, 2, 3], abs=0.05)
    assert pacer.take(post(), "channel") == pytest.approx(1, abs=0.01), "a promise takes nobody's turn"


def test_room_is_what_the_platform_takes_soon(pacer: Pacer, steady: Steady) -> None:
    assert pacer.room("chat", 0.5) == 27
    assert pacer.room("elsewhere", 0.5) > 10_000
    for n in range(27):
        pacer.take(post(channel=f"c{n}", space=f"s{n}"), "platform")
    assert pacer.room("chat", 0.5) == 0
    steady.at += 0.2
    assert pacer.room("chat", 0.5) == 10


def test_what_is_full_is_named(pacer: Pacer, steady: Steady) -> None:
    for _ in range(6):
        pacer.take(post(), "channel")
    assert pacer.full(2) == ("chat/s/c",)
    steady.at += 2
    assert pacer.full(2) == ()


@pytest.mark.parametrize(
    ("reach", "held", "free"),
    [
        ("channel", [post()], [post("other"), post(space="s2")]),
        ("space", [post(), post("other")], [post(space="s2")]),
        ("platform", [post(), post("other"), post(space="s2")], [post(platform="elsewhere")]),
    ],
)
def test_what_the_platform_asks_for_counts_as_far_as_it_reaches(
    pacer: Pacer, steady: Steady, reach: str, held: list[Post], free: list[Post]
) -> None:
    pacer.hold(post(), reach, 30)
    assert [pacer.wait(one) for one in held] == pytest.approx([30] * len(held), abs=0.1)
    assert [pacer.wait(one) for one in free] == [0] * len(free)
    steady.at += 30
    assert pacer.wait(held[0]) == 0


def test_a_platform_without_limits_can_ask_for_patience_too(pacer: Pacer) -> None:
    pacer.hold(post(platform="elsewhere"), "channel", 7)
    assert pacer.take(post(platform="elsewhere"), "channel") == pytest.approx(7)
    assert pacer.take(post("other", platform="elsewhere"), "channel") == 0


def test_processes_share_what_is_permitted(steady: Steady) -> None:
    """Of four, each has a quarter of the platform's and of the space's rate; when three are gone, the fourth has it all."""
    alive = 4
    pacer = Pacer(PACES, steady, share=lambda: alive)
    assert pacer.room("chat", 0.5) == 8
    alive = 1
    assert pacer.room("chat", 0.5) == 27


def test_two_hundred_private_answers_to_presses_wait_for_nothing_but_what_the_platform_asks(pacer: Pacer) -> None:
    """They take no place of the channel's messages either."""
    answered = post().model_copy(update={"audience": Audience(kind="passing", person=YOU), "handle": "h"})
    assert [pacer.take(answered, level) for _ in range(200) for level in LEVELS] == [0.0] * 600
    assert pacer.wait(answered) == pacer.wait(post()) == pacer.promise(answered) == 0.0
    pacer.hold(answered, "channel", 7)
    assert pacer.wait(answered) == 7


def test_a_kept_post_counts_where_it_lands(pacer: Pacer) -> None:
    kept = Post(key="k", into=post().into, card=Card(), audience=Audience(kind="kept", person=YOU))
    for _ in range(6):
        pacer.take(post(), "channel")
    assert pacer.wait(kept) == 0
    assert kept.channel == Place.dm("chat", "s", "you")


def test_a_hundred_thousand_channels_are_forgotten_when_they_rest(pacer: Pacer, steady: Steady) -> None:
    for n in range(KEPT + 5000):
        steady.at += 1
        pacer.take(post(channel=f"c{n}", space=f"s{n}"), "channel")
    assert len(pacer._buckets) < KEPT + 10
