"""Google's Python clients against the pretend cloud, over gRPC. `walk.py HTTP_ADDRESS GRPC_ADDRESS`."""

import os
import sys
import threading
import time

import grpc
from google.api_core import exceptions
from google.cloud import api_keys_v2, monitoring_v3, scheduler_v1, secretmanager_v1
from google.cloud.api_keys_v2.services.api_keys.transports import ApiKeysGrpcTransport
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import CloudSchedulerGrpcTransport
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceGrpcTransport

_, _, ADDRESS = sys.argv
os.environ["PUBSUB_EMULATOR_HOST"] = ADDRESS
from google.cloud import pubsub_v1  # noqa: E402  the address must be known first

PROJECT = "projects/demo-project"
PASSED = []


def check(what, holds):
    """Ends the walk at the first thing that does not hold."""
    if not holds:
        raise SystemExit(f"python: {what} does not hold")
    PASSED.append(what)


def channel():
    return grpc.insecure_channel(ADDRESS)


secrets = secretmanager_v1.SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel()))
secret = secrets.create_secret(
    parent=PROJECT, secret_id="python", secret={"replication": {"automatic": {}}, "labels": {"team": "search"}}
)
check("create a secret", secret.name.endswith("/secrets/python"))
version = secrets.add_secret_version(parent=secret.name, payload={"data": b"one"})
check("add a version", version.state.name == "ENABLED")
check("access latest", secrets.access_secret_version(name=f"{secret.name}/versions/latest").payload.data == b"one")
secrets.update_secret(
    request={"secret": {"name": secret.name, "version_aliases": {"current": 1}}, "update_mask": {"paths": ["version_aliases"]}}
)
check("access an alias", secrets.access_secret_version(name=f"{secret.name}/versions/current").name == version.name)
check("disable a version", secrets.disable_secret_version(name=version.name).state.name == "DISABLED")
try:
    secrets.access_secret_version(name=version.name)
    check("a disabled version is refused", False)
except exceptions.FailedPrecondition as refusal:
    check("a disabled version is refused", "is in DISABLED state" in refusal.message)
check("list secrets", "python" in [one.name.split("/")[-1] for one in secrets.list_secrets(parent=PROJECT)])
policy = secrets.get_iam_policy(request={"resource": secret.name})
policy.bindings.add(role="roles/secretmanager.secretAccessor", members=["user:ann@example.com"])
check("set a policy", len(secrets.set_iam_policy(request={"resource": secret.name, "policy": policy}).bindings) == 1)

keys = api_keys_v2.ApiKeysClient(transport=ApiKeysGrpcTransport(channel=channel()))
parent = f"{PROJECT}/locations/global"
wanted = {"display_name": "python", "restrictions": {"api_targets": [{"service": "generativelanguage.googleapis.com"}]}}
key = keys.create_key(request={"parent": parent, "key_id": "python-key", "key": wanted}).result(timeout=30)
check("make a key, its operation polled", key.name.endswith("/keys/python-key"))
check("read its string", keys.get_key_string(name=key.name).key_string.startswith("AI" + "za"))
check("list keys", key.name in [one.name for one in keys.list_keys(parent=parent)])
try:
    keys.list_keys(parent="projects/nowhere/locations/global")
    check("the details of an error", False)
except exceptions.PermissionDenied as refusal:
    check("the details of an error", refusal.reason == "CONSUMER_INVALID")

metrics = monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel()))
now = int(time.time())
series = metrics.list_time_series(
    request={
        "name": PROJECT,
        "filter": 'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api"',
        "interval": {"start_time": {"seconds": now - 3600}, "end_time": {"seconds": now}},
        "view": monitoring_v3.ListTimeSeriesRequest.TimeSeriesView.FULL,
    }
)
check("list time series", list(series) == [])

publisher, subscriber = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
topic = publisher.topic_path("demo-project", "python")
publisher.create_topic(name=topic)
inbox = subscriber.subscription_path("demo-project", "python")
subscriber.create_subscription(name=inbox, topic=topic)
heard, updated = [], threading.Event()


def on_message(message):
    heard.append(message.attributes.get("eventType"))
    message.ack()
    if heard[-1] == "SECRET_UPDATE":
        updated.set()


pulling = subscriber.subscribe(inbox, callback=on_message)
publisher.publish(topic, b"hello").result(timeout=30)
for labels in ({"a": "b"}, {"a": "c"}):
    change = {"name": secret.name, "topics": [{"name": topic}], "labels": labels}
    secrets.update_secret(request={"secret": change, "update_mask": {"paths": ["topics", "labels"]}})
check("hear an event of Secret Manager by StreamingPull", updated.wait(30))
pulling.cancel()

jobs = scheduler_v1.CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel()))
place = f"{PROJECT}/locations/us-east1"
job = {"name": f"{place}/jobs/python", "schedule": "0 3 * * *", "pubsub_target": {"topic_name": topic, "data": b"go"}}
check("make a job", jobs.create_job(parent=place, job=job).state.name == "ENABLED")
check("run it", jobs.run_job(name=job["name"]).name == job["name"])

print(f"python: {len(PASSED)} passed, 0 failed")
