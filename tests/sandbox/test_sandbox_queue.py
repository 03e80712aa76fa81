"""EventBridge's messages in the queue."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox


@pytest.fixture(autouse=True)
def empty_queue(sandbox: Sandbox) -> None:
    sqs = sandbox.client("sqs")
    while found := sqs.receive_message(QueueUrl=sandbox.queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            sqs.delete_message(QueueUrl=sandbox.queue_url, ReceiptHandle=message["ReceiptHandle"])


def messages(sandbox: Sandbox) -> list[dict[str, Any]]:
    answer = sandbox.client("sqs").receive_message(QueueUrl=sandbox.queue_url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_a_change_is_in_the_queue_when_its_caller_has_the_answer(sandbox, ecs):
    ecs.create_cluster(clusterName="queued")

    (message,) = messages(sandbox)

    record = sandbox.records()[-1]
    assert message.pop("id")
    assert message == {
        "version": "0",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.ecs",
        "account": "123456789012",
        "time": record["eventTime"],
        "region": "us-east-1",
        "resources": [],
        "detail": record,
    }


def test_reads_are_left_out(sandbox, ecs):
    ecs.list_clusters()

    assert messages(sandbox) == []


def test_failed_changes_are_sent_like_eventbridge_does(sandbox, ecs):
    with pytest.raises(ClientError):
        ecs.delete_cluster(cluster="nowhere")

    assert [message["detail"]["errorCode"] for message in messages(sandbox)] == ["ClusterNotFoundException"]


def test_calls_go_on_when_somebody_deletes_the_queue(sandbox, ecs):
    sandbox.client("sqs").delete_queue(QueueUrl=sandbox.queue_url)

    ecs.create_cluster(clusterName="without-queue")

    assert sandbox.records()[-1]["requestParameters"] == {"clusterName": "without-queue"}
