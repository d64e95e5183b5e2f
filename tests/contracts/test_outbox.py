"""What every store's outbox promises: order, binding, edits, leases and fences."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.chat import Audience, Card, Place, Post, Receipt
from core.errors import Stale
from core.ports import Claim, Store
from core.records import Conversation
from tests.contracts.stores import ADA, CHANNEL, NOW, claimed, conversation, keys, later, message, post, put, store

__all__ = ["store"]

OTHER = Place(platform="web", space="page", channel="other")
THREAD = CHANNEL.at("t1")


async def arrived(store: Store, claim: Claim, place: Place = CHANNEL) -> bool:
    return await store.outbox.sent(claim, Receipt(place=place, id=f"id-{claim.post.key}"), NOW)


async def send_all(store: Store, now: datetime = NOW) -> list[str]:
    """Send until nothing may go; the keys in the order they went."""
    sent = []
    while claims := await claimed(store, now):
        for claim in claims:
            assert await arrived(store, claim)
            sent.append(claim.post.key)
    return sent


async def test_posts_of_one_queue_go_one_after_the_other(store: Store) -> None:
    """Only the first of a queue may be sent; other queues do not wait for it."""
    await put(store, post("a1"), post("a2"), post("b1", OTHER), post("a3"))
    claims = await claimed(store)
    assert [claim.post.key for claim in claims] == ["a1", "b1"]
    assert await keys(store) == []
    await arrived(store, claims[0])
    assert await keys(store) == ["a2"]


async def test_a_post_with_a_known_key_is_ignored(store: Store) -> None:
    """An effect that was owed once is never owed again, not even after it was sent."""
    await put(store, post())
    await put(store, post())
    assert await send_all(store) == ["p1"]
    await put(store, post())
    assert await send_all(store) == []


async def test_a_delayed_head_holds_back_its_queue_only(store: Store) -> None:
    """After RetryLater the next of the queue waits with it; its time comes, and both go in order."""
    await put(store, post("a1"), post("a2"), post("b1", OTHER))
    first = (await claimed(store, limit=1))[0]
    await store.outbox.put_back(first, not_before=later(30), uncertain=False, why="429")
    assert await send_all(store, later(29)) == ["b1"]
    again = (await claimed(store, later(30)))[0]
    assert (again.post.key, again.attempt, again.uncertain, again.first_attempt_at) == ("a1", 2, False, NOW)
    assert await arrived(store, again)
    assert await send_all(store, later(30)) == ["a2"]


async def test_interactive_posts_go_before_bulk_ones(store: Store) -> None:
    """Of several queues the interactive ones are served first, then the oldest; the limit cuts after that."""
    places = [CHANNEL.model_copy(update={"channel": f"ch{n}"}) for n in range(5)]
    await put(store, *(post(f"bulk{n}", places[n], bulk=True) for n in range(4)), post("now", places[4]))
    assert await keys(store, limit=3) == ["now", "bulk0", "bulk1"]
    assert await keys(store, limit=3) == ["bulk2", "bulk3"]


async def test_only_the_queues_and_platforms_asked_for(store: Store) -> None:
    """A claim takes nothing that it was not asked for."""
    slack = Place(platform="slack", space="T1", channel="C1")
    await put(store, post("a"), post("b", OTHER), post("c", slack))
    assert await keys(store, queues=[str(OTHER)]) == ["b"]
    assert await keys(store, queues=[]) == []
    assert await keys(store) == ["a"]
    assert await keys(store, platforms=("slack",)) == ["c"]


async def test_a_lease_that_ran_out_makes_the_post_uncertain(store: Store) -> None:
    """A sender that died leaves its post to the next one, who is told to look first."""
    await put(store, post())
    first = (await claimed(store))[0]
    assert (first.attempt, first.uncertain, first.lease_until) == (1, False, later(40))
    assert await claimed(store, later(39.9)) == []
    second = (await claimed(store, later(40)))[0]
    assert (second.attempt, second.uncertain, second.first_attempt_at) == (2, True, NOW)
    third = (await claimed(store, later(80)))[0]
    assert (third.attempt, third.uncertain, third.first_attempt_at) == (3, True, NOW)


async def test_a_late_sender_changes_nothing(store: Store) -> None:
    """Every write of a claim that was taken over is fenced off."""
    await put(store, post(), post("p2"))
    old = (await claimed(store))[0]
    new = (await claimed(store, later(40)))[0]
    assert await arrived(store, old) is False
    await store.outbox.put_back(old, not_before=NOW, uncertain=False, why="")
    await store.outbox.give_up(old, why="", dead=True)
    assert await store.outbox.receipt("p1") is None
    assert await claimed(store, later(41)) == []
    assert await arrived(store, new) is True
    assert await arrived(store, new) is False


async def test_uncertainty_is_remembered_over_a_wait(store: Store) -> None:
    """A post put back as uncertain comes back as uncertain, and the other way round."""
    await put(store, post())
    claim = (await claimed(store))[0]
    await store.outbox.put_back(claim, not_before=later(15), uncertain=True, why="timeout")
    claim = (await claimed(store, later(15)))[0]
    assert claim.uncertain
    await store.outbox.put_back(claim, not_before=later(16), uncertain=False, why="not there")
    assert not (await claimed(store, later(16)))[0].uncertain


async def test_an_erased_post_in_flight_has_no_row(store: Store) -> None:
    """Who sends what was erased meanwhile learns of it, and nothing of it comes back."""
    await put(store, post(about=ADA.key))
    claim = (await claimed(store))[0]
    async with store.begin() as unit:
        unit.erase(ADA.key)
        unit.post(post("goodbye"))
    assert await arrived(store, claim) is False
    assert await store.outbox.receipt("p1") is None
    goodbye = (await claimed(store))[0]
    assert goodbye.id != claim.id


async def test_a_conversation_waits_for_its_thread(store: Store) -> None:
    """The opening post's receipt binds the conversation; posts that waited go into its thread, the opening one into the channel."""
    inside = [post(f"in{n}", conversation="c1") for n in range(2)]
    await put(store, conversation(), post("open", conversation="c1", opens=True), *inside)
    (opening,) = await claimed(store)
    assert (opening.post.key, opening.post.into) == ("open", CHANNEL)
    assert await arrived(store, opening, THREAD)
    (first,) = await claimed(store)
    assert (first.post.key, first.post.into) == ("in0", THREAD)
    async with store.begin() as unit:
        bound = await unit.get(Conversation, "c1")
    assert bound == conversation(place=str(THREAD), version=2)
    with pytest.raises(Stale):
        await put(store, conversation(live=False, version=1))


async def test_an_opening_post_opens_where_it_was_told_to(store: Store) -> None:
    """Also where its conversation has a thread already: nobody opens a thread inside a thread."""
    await put(store, conversation(place=str(THREAD)), post("open", conversation="c1", opens=True))
    (opening,) = await claimed(store)
    assert opening.post.into == CHANNEL


async def test_a_second_opening_post_outlives_the_first(store: Store) -> None:
    """What waits for a thread goes with the post that did not open it, not with it another post that may."""
    openings = [post(f"open{n}", conversation="c1", opens=True) for n in range(2)]
    await put(store, conversation(), openings[0], post("in", conversation="c1"), openings[1], post("after", conversation="c1"))
    (first,) = await claimed(store)
    await store.outbox.give_up(first, why="refused", dead=True)
    (second,) = await claimed(store)
    assert second.post.key == "open1"
    await arrived(store, second, THREAD)
    assert await keys(store) == []


async def test_a_post_for_an_unbound_conversation_waits(store: Store) -> None:
    """Without a thread nothing goes, and nothing is said to be due; somebody binding it sets it free."""
    await put(store, conversation(), post("in", conversation="c1"))
    assert await keys(store) == []
    assert await store.outbox.next_at() is None
    await put(store, conversation(place=str(THREAD), version=1))
    assert (await claimed(store))[0].post.into == THREAD


async def test_what_waits_for_a_thread_that_never_opens_is_skipped(store: Store) -> None:
    """A dead opening post takes the posts along that waited for its thread; others of the place still go."""
    await put(store, conversation(), post("open", conversation="c1", opens=True), post("in", conversation="c1"), post("free"))
    opening = next(claim for claim in await claimed(store) if claim.post.opens)
    await store.outbox.give_up(opening, why="no such channel", dead=True)
    assert await keys(store) == []
    assert await store.outbox.next_at() == later(40)  # the lease of the free one
    await put(store, conversation(place=str(THREAD), version=1))
    assert await keys(store) == []


async def test_a_post_of_an_erased_conversation_is_skipped(store: Store) -> None:
    """Nothing waits for a conversation that is gone."""
    await put(store, conversation(place=str(THREAD)), post("in", conversation="c1"), post("next", conversation="c1"))
    async with store.begin() as unit:
        unit.erase(ADA.key)
    assert await keys(store) == []
    assert await store.outbox.next_at() is None


async def test_an_edit_knows_where_its_message_landed(store: Store) -> None:
    """The claim of a replacing post carries the receipt of the replaced one, edits of edits too."""
    await put(store, post("p1"), post("e1", replaces="p1"))
    assert await send_all(store) == ["p1", "e1"]
    await put(store, post("e2", replaces="e1"))
    (claim,) = await claimed(store)
    assert claim.replaced == Receipt(place=CHANNEL, id="id-e1")


async def test_the_newest_edit_wins(store: Store) -> None:
    """Of several waiting edits only the last is sent."""
    await put(store, post("p1"), *(post(f"e{n}", replaces="p1") for n in range(3)), post("after"))
    assert await send_all(store) == ["p1", "e2", "after"]


async def test_an_edit_waits_for_its_message_in_another_queue(store: Store) -> None:
    """An edit is never lost for being faster than what it edits."""
    kept = Audience(kind="kept", person=ADA)
    await put(store, post("p1", audience=kept), post("e1", OTHER, replaces="p1"))
    (first,) = await claimed(store)
    assert first.post.key == "p1"
    await arrived(store, first)
    assert await send_all(store) == ["e1"]


@pytest.mark.parametrize("dead", [True, False])
async def test_an_edit_of_what_was_never_sent_is_skipped(store: Store, dead: bool) -> None:
    """There is nothing to change where the message was given up, skipped or never owed."""
    await put(store, post("p1"), post("e1", replaces="p1"), post("e2", OTHER, replaces="unknown"))
    claim = next(claim for claim in await claimed(store) if claim.post.key == "p1")
    await store.outbox.give_up(claim, why="refused", dead=dead)
    assert await keys(store) == []
    assert await store.outbox.next_at() is None


async def test_what_is_too_late_is_skipped_on_the_way(store: Store) -> None:
    """A claim passes over what is not worth sending any more and still takes the next of that queue."""
    await put(store, *(post(f"old{n}", until=later(-1)) for n in range(3)), post("good", until=later(0)))
    assert await keys(store, limit=1) == ["good"]
    assert await store.outbox.receipt("old0") is None


async def test_a_thread_that_was_too_late_to_open_takes_its_posts_along(store: Store) -> None:
    """Skipping an opening post skips what waits for it."""
    await put(store, conversation(), post("open", conversation="c1", opens=True, until=later(-1)), post("in", conversation="c1"))
    assert await keys(store) == []
    await put(store, conversation(place=str(THREAD), version=1))
    assert await keys(store) == []


async def test_receipts_stay(store: Store) -> None:
    """Where a post landed can be asked for afterwards; before that there is nothing."""
    await put(store, post())
    assert await store.outbox.receipt("p1") is None
    await send_all(store)
    assert await store.outbox.receipt("p1") == Receipt(place=CHANNEL, id="id-p1")
    assert await store.outbox.receipt("unknown") is None


async def test_next_at_names_the_moment_of_the_next_head(store: Store) -> None:
    """None without posts, the past for a free one, the lease's end or its waiting time for a held one; what stands behind is not asked."""
    assert await store.outbox.next_at() is None
    await put(store, post("a1"), post("a2"))
    due = await store.outbox.next_at()
    assert due is not None
    assert due <= NOW
    (claim,) = await claimed(store)
    assert await store.outbox.next_at() == later(40)
    await store.outbox.put_back(claim, not_before=later(7), uncertain=False, why="429")
    assert await store.outbox.next_at() == later(7)


async def test_everything_is_claimed_exactly_once(store: Store) -> None:
    """Claims that overlap in time never share a post, and together they take all of them."""
    places = [CHANNEL.model_copy(update={"channel": f"ch{n}"}) for n in range(40)]
    posts: list[Post] = [post(f"p{n}", places[n % 40], bulk=n % 2 == 0) for n in range(120)]
    await put(store, *posts)
    assert sorted(await send_all(store)) == sorted(post.key for post in posts)


async def test_nothing_is_taken_for_what_is_full(store: Store) -> None:
    """A claim passes over the channels and spaces that it is told to avoid, whatever stands in front; a direct message is a channel too."""
    slack = Place(platform="slack", space="T1", channel="C1")
    kept = post("kept", THREAD, audience=Audience(kind="kept", person=ADA))
    await put(store, post("thread", THREAD), kept, post("b", OTHER), post("c", slack))
    own = Place.dm("web", "page", "ada")
    everywhere = ("web", "slack")
    assert await keys(store, platforms=everywhere, avoid=[str(CHANNEL), "slack/T1", str(own)]) == ["b"]
    assert await keys(store, platforms=everywhere, avoid=["slack/T1"]) == ["thread", "kept"]
    assert await keys(store, platforms=everywhere) == ["c"]


async def test_only_attempts_without_an_answer_count(store: Store) -> None:
    """Waiting one's turn, being told to wait and dying are claims; what counts against a post is said by whoever tried."""
    await put(store, post())
    (claim,) = await claimed(store)
    assert claim.doubts == 0
    for counts, expected in ((False, 0), (True, 1), (False, 1), (True, 2)):
        await store.outbox.put_back(claim, not_before=NOW, uncertain=True, why="?", counts=counts)
        (claim,) = await claimed(store)
        assert claim.doubts == expected
    assert claim.attempt == 5


async def test_whoever_has_to_hear_of_a_dead_post_is_told_in_the_same_breath(store: Store) -> None:
    """The message is there where the post died by this hand, once, and not where the claim was somebody else's by then."""
    await put(store, post(), post("p2", OTHER))
    old, other = await claimed(store)
    new = next(claim for claim in await claimed(store, later(40)) if claim.post.key == "p1")
    assert not await store.outbox.give_up(old, why="refused", dead=True, tell=message("unsent/p1"))
    assert await store.inbox.waiting(10) == []
    assert await store.outbox.give_up(new, why="refused", dead=True, tell=message("unsent/p1"))
    assert not await store.outbox.give_up(new, why="refused", dead=True, tell=message("again"))
    assert [item.id for item in await store.inbox.waiting(10)] == ["unsent/p1"]
    assert not await arrived(store, other)


async def test_a_dead_process_leaves_posts_that_can_be_taken_over_at_once(store: Store) -> None:
    """Without waiting for the lease: uncertain, due when it is settled, and the dead one's writes are fenced off."""
    slack = Place(platform="slack", space="T1", channel="C1")
    await put(store, post(), post("p2", slack), post("waits", OTHER))
    dead = await claimed(store, queues=[str(CHANNEL), str(slack)], platforms=("web", "slack"))
    assert await store.outbox.take_over(platform="web", now=later(1), after=2) == 1
    assert await keys(store, later(2.9)) == ["waits"]
    (claim,) = await claimed(store, later(3))
    assert (claim.post.key, claim.attempt, claim.uncertain) == ("p1", 2, True)
    assert not any([await arrived(store, claim) for claim in dead if claim.post.key == "p1"])
    assert await keys(store, later(39), platforms=("slack",)) == []
    assert await store.outbox.take_over(platform="slack", now=later(39), after=100) == 1
    assert await keys(store, later(40), platforms=("slack",)) == ["p2"]


async def test_a_post_may_wait_for_its_time(store: Store) -> None:
    """What is not to go before a moment waits for it, and holds back what was owed after it in the same queue."""
    await put(store, post("p1", not_before=later(60)), post("p2"), post("b1", OTHER))
    assert await send_all(store, later(59)) == ["b1"]
    assert await store.outbox.next_at() == later(60)
    assert await send_all(store, later(60)) == ["p1", "p2"]


async def test_what_became_of_posts(store: Store) -> None:
    """Each known post has a state, and the reason where it did not arrive; a refusal is told from a platform that was away."""
    await put(store, *(post(name, OTHER.model_copy(update={"channel": name})) for name in ("waits", "went", "refused", "away", "useless")))
    claims = {claim.post.key: claim for claim in await claimed(store)}
    await arrived(store, claims["went"])
    await store.outbox.put_back(claims["waits"], not_before=later(9), uncertain=False, why="429")
    await store.outbox.give_up(claims["refused"], why="channel_not_found", dead=True)
    await store.outbox.give_up(claims["away"], why="timeout, 5 times", dead=True)
    await store.outbox.give_up(claims["useless"], why="too late", dead=False)
    async with store.begin() as unit:
        found = await unit.fates([*claims, "never heard of"])
        assert await unit.fates([]) == {}
    assert {key: (fate.state, fate.why) for key, fate in found.items()} == {
        "waits": ("pending", "429"),
        "went": ("sent", ""),
        "refused": ("dead", "channel_not_found"),
        "away": ("dead", "timeout, 5 times"),
        "useless": ("skipped", "too late"),
    }
    assert [key for key, fate in found.items() if fate.refused] == ["refused"]


async def test_what_nobody_tried_can_be_taken_back_and_owed_anew(store: Store) -> None:
    """All that a conversation is owed goes, and nothing of any other; the same keys may be owed again, in the same unit too."""
    await put(store, conversation(), conversation("c2"))
    ours = [post("open", conversation="c1", opens=True), post("then", conversation="c1")]
    await put(store, *ours, post("other", conversation="c2", opens=True))
    async with store.begin() as unit:
        unit.recall("c1")
        unit.post(post("open", conversation="c1", opens=True, card=Card(text="another one")))
    texts = {claim.post.key: claim.post.card.text for claim in await claimed(store)}
    assert texts == {"open": "another one", "other": "the text of other"}
    async with store.begin() as unit:
        unit.recall("c3")  # nothing was owed


async def test_what_is_being_sent_cannot_be_taken_back(store: Store) -> None:
    """Somebody has claimed it, or tried it before: the unit ends in Stale, and nothing of it happened."""
    await put(store, conversation())
    await put(store, post("open", conversation="c1", opens=True), post("then", conversation="c1"))
    (claim,) = await claimed(store)
    for _ in range(2):
        with pytest.raises(Stale):
            async with store.begin() as unit:
                unit.recall("c1")
                unit.post(post("mine"))
        await store.outbox.put_back(claim, not_before=NOW, uncertain=True, why="timeout")
    assert "mine" not in await send_all(store)
