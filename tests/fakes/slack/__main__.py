"""`python -m tests.fakes.slack --port 8765`: a Slack to try the bot against by hand."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.fakes.slack.server import FakeSlack


async def serve(port: int, http: str, pace: bool) -> None:
    slack = FakeSlack()
    slack.limits.on = pace
    await slack.start(port)
    if http:
        await slack.use_http(http, verify=False)
    lines = [
        f"A fake Slack runs at {slack.base}; see {slack.base}/control/ for what people can do.",
        "Point the bot at it:",
        f"  SLACK_API_URL={slack.api_url}",
        f"  SLACK_BOT_TOKEN={slack.bot_token}",
        f"  SLACK_SIGNING_SECRET={slack.app.signing_secret}" if http else f"  SLACK_APP_TOKEN={slack.app_token}",
        f"  SLACK_CLIENT_ID={slack.app.client_id} SLACK_CLIENT_SECRET={slack.app.client_secret}",
        f'Say something: curl -s {slack.base}/control/say -d \'{{"user": "ada", "channel": "dm", "text": "hello"}}\'',
    ]
    print("\n".join(lines), flush=True)  # noqa: T201
    try:
        await asyncio.Event().wait()
    finally:
        await slack.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake Slack on this machine.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--http", default="", metavar="URL", help="deliver to this request URL instead of over Socket Mode")
    parser.add_argument("--no-limits", action="store_true", help="no rate limits")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.port, given.http, not given.no_limits))


if __name__ == "__main__":
    main()
