//! The step of the agent's work that an operation belongs to: one key, whatever it did to how many cases. It goes with the
//! operation into the outbox, so that a later start knows what `z` takes back. Serialised: forms may only grow.

use super::{Change, Channel, OpId, View};
use serde::{Deserialize, Serialize};

/// See the room's first lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The name of its first operation.
    pub id: OpId,
    /// Where the agent was.
    #[serde(default)]
    pub view: View,
    /// A mail that was sent can't be deleted, a chat message can.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// What brings back what the screen showed before.
    #[serde(default)]
    pub back: Option<Box<Change>>,
    /// The operation that this one takes back at the server.
    #[serde(default)]
    pub undoes: Option<OpId>,
    /// The operation that this one does again.
    #[serde(default)]
    pub redoes: Option<OpId>,
    /// The agent took it back before it left.
    #[serde(default)]
    pub taken: bool,
}

#[cfg(test)]
mod tests {
    use super::Step;
    use crate::model::{Change, Mutation, Op, OpId};
    use serde_json::json;

    #[test]
    fn what_older_versions_left_on_the_disk_is_read_and_a_step_may_say_little() {
        let mutation = json!({"op": "01934567-89ab-7cde-8f01-23456789abcd", "case": 5, "thread": 5, "at": "2026-11-23T09:00:00Z",
            "by": {"id": 17, "name": "Ola"}, "change": {"kind": "close", "state": "handled"}});
        let old = json!({"mutation": mutation, "state": "held", "seq": 3, "tries": 0, "not_before": null, "cause": null, "answers": null,
            "server_id": null, "proof": null, "twins": 0, "changed": "2026-11-23T09:00:00Z"});
        let op: Op = serde_json::from_value(old).unwrap();
        assert_eq!((op.step.clone(), &op.mutation.change), (None, &Change::Close { state: "handled".into() }));
        assert!(json!(op).get("step").is_none());
        let step: Step = serde_json::from_value(json!({"id": op.id()})).unwrap();
        assert_eq!((step.id, step.taken, step.back), (op.id(), false, None));
    }

    #[test]
    fn a_step_comes_back_from_the_disk_as_it_went() {
        let id = OpId::default();
        let back = Some(Box::new(Change::Unsnooze));
        let step = Step { id, view: crate::model::View::Mine, channel: None, back, undoes: Some(id), redoes: None, taken: true };
        let op = Op {
            step: Some(Box::new(step)),
            ..Op::new(
                Mutation {
                    op: id,
                    case: crate::model::CaseId(1),
                    thread: crate::model::ThreadId(1),
                    at: crate::model::Timestamp::UNIX_EPOCH,
                    by: crate::model::Actor::default(),
                    change: Change::Claim,
                },
                None,
            )
        };
        assert_eq!(serde_json::from_value::<Op>(json!(op)).unwrap(), op);
    }
}
