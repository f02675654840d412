//! The key stays where it belongs: in one header to one origin.

use super::{CANARY, account, api, base, class, reply};
use caseload::api::{Api, CasesAsk, ProblemKind};
use caseload::model::{CaseId, Channel};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[test]
fn no_debug_form_and_no_problem_shows_the_key() {
    let account = account("http://127.0.0.1:1");
    let api = Api::new(&account).unwrap();
    let shown = format!("{account:?} {api:?} {} {:?}", api.origin(), api.clone());
    assert!(!shown.contains(CANARY), "{shown}");
    for key in [format!("{CANARY} "), format!("{CANARY}\n"), format!("ä{CANARY}"), CANARY.repeat(1_000)] {
        let problem = Api::new(&caseload::api::Account { key: key.into(), ..account.clone() }).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Config);
        assert!(!format!("{problem} {problem:?}").contains(CANARY));
    }
    let problem = Api::new(&super::account(&format!("https://{CANARY}@example.com"))).unwrap_err();
    assert!(!format!("{problem} {problem:?}").contains(CANARY));
}

#[tokio::test]
async fn a_server_that_repeats_the_key_does_not_get_it_shown() {
    for status in [200, 302, 400, 401, 403, 404, 409, 422, 429, 500] {
        let server = MockServer::start().await;
        let says = json!({"success": false, "error": {"type": "ERROR_INVALID_INPUT", "message": format!("bad header: Bearer {CANARY}")}});
        Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_json(says)).mount(&server).await;
        let api = api(&server.uri());
        let problem = api.case(CaseId(1)).await.unwrap_err();
        let listening = api.events().await.map(|_| ()).map_err(|problem| problem.text);
        let outcome = api.send(&reply(), &base(Channel::Chat)).await;
        let shown = format!("{problem} {problem:?} {outcome:?} {listening:?}");
        assert!(!shown.contains(CANARY), "{status} {shown}");
        assert_eq!(server.received_requests().await.unwrap()[0].headers["authorization"].to_str().unwrap(), format!("Bearer {CANARY}"));
    }
}

#[tokio::test]
async fn no_redirect_is_followed_anywhere() {
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!({"data": []}))).mount(&elsewhere).await;
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        for target in [elsewhere.uri(), format!("{}/api/v1/x", server.uri())] {
            server.reset().await;
            let answer = ResponseTemplate::new(status).insert_header("location", target.as_str());
            Mock::given(any()).respond_with(answer).mount(&server).await;
            let api = api(&server.uri());
            assert_eq!(api.cases(&CasesAsk::default()).await.map_err(|problem| problem.kind), Err(ProblemKind::Config));
            assert_eq!(class(&api.send(&reply(), &base(Channel::Chat)).await), "unknown");
            assert_eq!(server.received_requests().await.unwrap().len(), 2);
        }
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}
