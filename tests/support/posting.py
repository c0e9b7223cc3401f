"""Messages over HTTP, posted and read."""


def post(client, text="Hello", channel="general", **more: str):
    return client.post("/api/messages", json={"channelId": channel, "text": text, **more})


def newest(client, channel="general"):
    return client.get(f"/api/channels/{channel}/messages?limit=1").json()[0]
