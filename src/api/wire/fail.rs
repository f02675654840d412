//! Error bodies. Their shape is not documented, so a type and a text are looked for at the root, under `error` and under `data`;
//! a body that is not JSON is an error without a type. Never fails.

use super::read::{self, json};
use crate::model::{Object, Untrusted};
use serde_json::Value;

pub const INVALID_INPUT: &str = "ERROR_INVALID_INPUT";
pub const NOT_FOUND: &str = "ERROR_RECORD_NOT_FOUND";
pub const DUPLICATE: &str = "ERROR_DUPLICATE_RECORD_FOUND";
pub const UNAUTHORIZED: &str = "ERROR_UNAUTHORIZED";
pub const FORBIDDEN: &str = "ERROR_UNAUTHORIZED_ACCESS";
pub const SERVER_ERROR: &str = "ERROR_SERVER_ERROR";

/// What an error body says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fail {
    /// `ERROR_…`
    pub kind: Option<String>,
    pub text: Option<Untrusted>,
    /// Was it a JSON object at all? A proxy's page is not the API's word.
    pub json: bool,
}

impl Fail {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    /// The API itself said it: JSON with a type or a text.
    pub fn spoken(&self) -> bool {
        self.json && (self.kind.is_some() || self.text.is_some())
    }

    /// Does the text say that the state of the case forbids it? Which error says so is not documented, so words decide.
    pub fn about_state(&self) -> bool {
        self.mentions(&["not active", "inactive", "only active", "closed", "is pending", "still pending", "changed by somebody else"])
    }

    pub fn about_absence(&self) -> bool {
        self.is(NOT_FOUND) || self.mentions(&["not found", "is not there", "does not exist"])
    }

    fn mentions(&self, phrases: &[&str]) -> bool {
        let text = self.text.as_ref().map(|text| text.raw().to_lowercase()).unwrap_or_default();
        phrases.iter().any(|phrase| text.contains(phrase))
    }

    /// One short line for the agent.
    pub fn line(&self) -> Option<String> {
        let text = self.text.as_ref().map(Untrusted::one_line).filter(|text| !text.is_empty());
        text.or_else(|| self.kind.as_deref().map(|kind| Untrusted::from(kind).one_line())).map(|line| line.chars().take(200).collect())
    }
}

/// Reads an error body.
pub fn fail(body: &[u8]) -> Fail {
    let Some(Value::Object(root)) = json(body) else {
        return Fail::default();
    };
    let places = places(&root);
    let kind = places.iter().find_map(|place| kind(place));
    let text = places.iter().find_map(|place| text(place));
    Fail { kind, text, json: true }
}

/// Does an answer with a good status say that it was not done?
pub fn denied(value: &Value) -> bool {
    let no = |members: &Object| members.get("success").and_then(read::flag) == Some(false) || members.get("error").is_some_and(is_told);
    match value {
        Value::Object(root) => no(root) || root.get("data").and_then(Value::as_object).is_some_and(no),
        _ => false,
    }
}

fn is_told(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Array(rows) => !rows.is_empty(),
        Value::Bool(true) => true,
    }
}

/// Where a type and a text may stand, the outermost first.
fn places(root: &Object) -> Vec<&Object> {
    let mut found = vec![root];
    let mut at = 0;
    while at < found.len() && found.len() < 16 {
        let place = found[at];
        found.extend(["error", "data", "errors"].iter().filter_map(|name| object(place.get(*name)?)));
        at += 1;
    }
    found
}

fn object(value: &Value) -> Option<&Object> {
    match value {
        Value::Object(members) => Some(members),
        Value::Array(rows) => rows.first()?.as_object(),
        _ => None,
    }
}

fn kind(place: &Object) -> Option<String> {
    let word = |name: &str| place.get(name).and_then(Value::as_str).filter(|word| word.starts_with("ERROR_") && word.len() <= 80);
    ["type", "code", "error", "name", "errorType", "errorCode", "message"].iter().find_map(|name| word(name)).map(str::to_owned)
}

fn text(place: &Object) -> Option<Untrusted> {
    let told = |name: &str| match place.get(name)? {
        Value::String(text) if !text.trim().is_empty() && !text.starts_with("ERROR_") => Some(text.as_str().into()),
        Value::Array(rows) => rows.first()?.as_str().map(Untrusted::from),
        _ => None,
    };
    ["message", "text", "error", "detail", "description", "msg", "errors"].iter().find_map(|name| told(name))
}

#[cfg(test)]
mod tests {
    use super::{Fail, NOT_FOUND, denied, fail};
    use serde_json::json;

    fn read(body: &serde_json::Value) -> Fail {
        fail(body.to_string().as_bytes())
    }

    #[test]
    fn type_and_text_are_found_in_every_shape() {
        let inner = json!({"type": NOT_FOUND, "message": "No such case"});
        for body in [
            inner.clone(),
            json!({"error": inner}),
            json!({"data": inner}),
            json!({"data": {"error": inner}}),
            json!({"errors": [inner]}),
            json!({"success": false, "code": NOT_FOUND, "text": "No such case"}),
            json!({"error": NOT_FOUND, "message": "No such case"}),
            json!({"error": "No such case", "type": NOT_FOUND}),
        ] {
            let found = read(&body);
            assert!(found.is(NOT_FOUND) && found.spoken(), "{body}");
            assert_eq!(found.line().as_deref(), Some("No such case"), "{body}");
        }
    }

    #[test]
    fn a_body_that_says_nothing_is_no_failure_of_ours() {
        for body in ["", "<html>502</html>", "null", "[]", "{\"error\":", "5", "\u{0}"] {
            assert_eq!(fail(body.as_bytes()), Fail::default(), "{body}");
        }
        assert!(!read(&json!({})).spoken());
        assert_eq!(read(&json!({"message": "a\u{1b}[31m\nb"})).line().as_deref(), Some("a\u{fffd}[31m b"));
    }

    #[test]
    fn a_good_status_may_still_say_no() {
        for body in [json!({"success": false}), json!({"data": {"success": "no"}}), json!({"error": {"type": "x"}}), json!({"error": "x"})] {
            assert!(denied(&body), "{body}");
        }
        for body in [json!({"success": true}), json!({"error": null, "data": {}}), json!([]), json!({"error": {}}), json!({"error": 0})] {
            assert!(!denied(&body), "{body}");
        }
    }
}
