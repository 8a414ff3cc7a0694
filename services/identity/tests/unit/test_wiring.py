"""What identity reads is what the topic files say."""

from contracts.topics import consumed_by
from identity.consumers import SUBSCRIPTION


def test_the_subscription_is_what_the_topic_files_list() -> None:
    assert SUBSCRIPTION.topics == tuple(sorted(consumed_by(SUBSCRIPTION.group)))
