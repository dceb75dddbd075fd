"""A client of the original service: hears results of everything, then of one payer, then leaves.

It tells what it hears: a JSON text a line.
"""

import asyncio
import json
import sys

import websockets


def tell(**what):
    print(json.dumps(what), flush=True)


async def listen(url):
    async with websockets.connect(url) as socket:
        tell(connected=socket.subprotocol)
        for _ in range(2):
            tell(everything=json.loads(await socket.recv()))
        await socket.send(json.dumps({"action": "subscribe", "payers": ["Cigna"]}))
        await (await socket.ping("what came before the answer was sent before the filter"))
        while socket.messages:
            await socket.recv()
        for _ in range(2):
            tell(filtered=json.loads(await socket.recv()))
    tell(closed=socket.close_code)


asyncio.run(listen(sys.argv[1]))
