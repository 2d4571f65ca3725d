"""Runs one reader as the lines on standard input say, and answers each with a line: ../README.md has the words."""

import asyncio
import hashlib
import json
import sys
import traceback
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import grpc
from gemini_key_reader import PLACEHOLDER, KeyReader, NoKeyError
from google.cloud import secretmanager_v1
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceGrpcTransport

_, HTTP, GRPC, SECRET, OPTIONS = sys.argv
MODEL = "gemini-3.8-flash"
seconds = 1000.0
last = None


def made():
    options = json.loads(OPTIONS)
    fixed = options.pop("random", None)
    transport = SecretManagerServiceGrpcTransport(channel=grpc.insecure_channel(GRPC))
    client = secretmanager_v1.SecretManagerServiceClient(transport=transport)
    if fixed is not None:
        options["random"] = lambda: fixed
    return KeyReader(client, SECRET, now=lambda: seconds, **options)


reader = made()


def given(key):
    global last
    try:
        return hashlib.sha256(key().encode()).hexdigest()
    except NoKeyError as error:
        last = error
        return "NoKey"


def contents(prompt):
    """A role that nobody has is refused with 400, and no SDK looks at it before."""
    return [{"role": "critic" if prompt == "bad" else "user", "parts": [{"text": "hello"}]}]


def by_run(prompt):
    body = json.dumps({"contents": contents(prompt)}).encode()

    class Refused(Exception):
        def __init__(self, code, details):
            super().__init__(code)
            self.code = code
            self.details = details

    def send(key):
        headers = {"x-goog-api-key": key, "content-type": "application/json"}
        request = urllib.request.Request(f"{HTTP}/v1beta/models/{MODEL}:generateContent", body, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from error

    try:
        return reader.run(send)
    except Refused as error:
        return error.code


def genai_client(**http_options):
    from google import genai

    return genai.Client(api_key=PLACEHOLDER, http_options={"base_url": HTTP, **reader.http_options(), **http_options})


def by_genai(prompt):
    from google.genai import errors

    client = genai_client()  # kept until the end: a client that nobody holds is closed
    try:
        client.models.generate_content(model=MODEL, contents=contents(prompt))
        return 200
    except errors.APIError as error:
        return error.code


def by_genai_async(prompt):
    from google.genai import errors

    async def ask():
        client = genai_client()
        try:
            await client.aio.models.generate_content(model=MODEL, contents=contents(prompt))
            return 200
        except errors.APIError as error:
            return error.code
        finally:
            await client.aio.aclose()

    return asyncio.run(ask())


def by_genai_run(prompt):
    from google import genai
    from google.genai import errors

    def send(key):
        client = genai.Client(api_key=key, http_options={"base_url": HTTP})
        client.models.generate_content(model=MODEL, contents=contents(prompt))
        return 200

    try:
        return reader.run(send)
    except errors.APIError as error:
        return error.code


def by_openai(prompt):
    import openai

    client = openai.OpenAI(
        api_key=PLACEHOLDER,
        base_url=f"{HTTP}/v1beta/openai/",
        http_client=openai.DefaultHttpxClient(auth=reader.auth()),
        max_retries=0,
    )
    messages = [] if prompt == "bad" else [{"role": "user", "content": "hello"}]
    try:
        client.chat.completions.create(model=MODEL, messages=messages)
        return 200
    except openai.APIStatusError as error:
        return error.status_code


WAYS = {
    "fetch": by_run,
    "genai": by_genai,
    "genai_async": by_genai_async,
    "genai_run": by_genai_run,
    "openai": by_openai,
}


def keys(step):
    with ThreadPoolExecutor(step["callers"]) as pool:
        return {"gives": Counter(pool.map(lambda _: given(reader.key), range(step["callers"])))}


def ask(step):
    way = WAYS[step.get("way", "fetch")]
    return {"answers": Counter(str(way(step.get("prompt"))) for _ in range(step["times"]))}


def advance(step):
    global seconds
    seconds += step["seconds"]
    return {}


def settle(_step):
    reader.settled()
    return {}


def printed(_step):
    told = "" if last is None else "".join(traceback.format_exception(last))
    return {"said": "\n".join([repr(reader), str(reader), told])}


DOES = {
    "keys": keys,
    "refresh": lambda _step: {"gives": Counter([given(reader.refresh)])},
    "ask": ask,
    "settle": settle,
    "advance": advance,
    "print": printed,
}

for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = DOES[asked["do"]](asked)
    except Exception:
        answer = {"failed": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
