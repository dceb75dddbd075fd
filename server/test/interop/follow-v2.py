"""Follows the monitor over v2, and tells what it hears: a JSON text a line.

Written for the API that websockets 10 has; it pings four times a second. After a cut it waits for a line
on its standard input before it comes back.
"""

import asyncio
import json
import sys

import websockets


def tell(**what):
    print(json.dumps(what), flush=True)


async def follow(url):
    loop = asyncio.get_running_loop()
    epoch = since = None
    connections = websockets.connect(
        url, subprotocols=["payer-status-v2"], ping_interval=0.25, ping_timeout=5
    )
    async for socket in connections:
        tell(connected=socket.subprotocol, extensions=len(socket.extensions))
        try:
            wish = {"type": "subscribe"}
            await socket.send(json.dumps({**wish, "since": since} if since else wish))
            async for text in socket:
                frame = json.loads(text)
                epoch = frame.get("epoch", epoch)
                if frame["type"] == "updates" or frame["type"] == "snapshot" and frame["part"] == frame["of"]:
                    since = {"epoch": epoch, "rev": frame["rev"]}
                tell(frame=frame, latency=socket.latency)
        except websockets.ConnectionClosedError as error:
            tell(cut=str(error), since=since)
            await loop.run_in_executor(None, sys.stdin.readline)


asyncio.run(follow(sys.argv[1]))
