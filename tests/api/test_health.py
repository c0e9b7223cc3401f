from tests.support.serving import Served


def test_health_says_that_the_database_is_connected(shared_server: Served):
    with shared_server.client() as client:
        answer = client.get("/api/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "connected"}
