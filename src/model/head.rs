//! Whom a mail goes to, and what stands above it: the part of a reply that only a mail has. Plain addresses, as they were
//! typed; where it is missing the way of sending finds them itself.

use serde::{Deserialize, Serialize};

/// Receivers and subject of a mail. Serialised into the outbox and the drafts: forms may only grow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    pub to: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<String>,
    pub subject: String,
}

#[cfg(test)]
mod tests {
    use super::Head;
    use crate::model::{Change, Draft, DraftKind};
    use serde_json::json;

    #[test]
    fn what_older_versions_left_on_the_disk_is_read_and_written_as_it_was() {
        let reply = json!({"kind": "reply", "text": "On its way"});
        assert_eq!(serde_json::from_value::<Change>(reply.clone()).unwrap(), Change::reply("On its way"));
        assert_eq!(json!(Change::reply("On its way")), reply);
        let draft = json!({"case": 5, "kind": "reply", "text": "On", "answers": 7, "updated": "2026-11-23T09:00:00Z"});
        let read: Draft = serde_json::from_value(draft.clone()).unwrap();
        assert_eq!((read.kind, read.head.as_ref()), (DraftKind::Reply, None));
        assert_eq!(json!(read), draft);
    }

    #[test]
    fn a_head_comes_back_from_the_disk_as_it_went() {
        let head = Head { to: vec!["ola@example.no".into()], cc: vec!["kari@example.no".into()], bcc: Vec::new(), subject: "Re: invoice".into() };
        let change = Change::Reply { text: "Hi".into(), head: Some(Box::new(head)) };
        let kept = json!({"kind": "reply", "text": "Hi", "head": {"to": ["ola@example.no"], "cc": ["kari@example.no"], "subject": "Re: invoice"}});
        assert_eq!(json!(change), kept);
        assert_eq!(serde_json::from_value::<Change>(kept).unwrap(), change);
    }
}
