//! Is somebody else at it right now? What another agent did in a case within the last minutes, so that no customer is answered
//! by two.

use super::{Case, Message, MessageKind, SenderType, Timestamp, Untrusted, UserId};
use chrono::Duration;

/// What is older than this is no company.
pub const LATELY: Duration = Duration::minutes(5);

/// Another agent, and what they did last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub who: Untrusted,
    pub did: Did,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    Answered,
    Noted,
    Joined,
    Assigned,
}

impl Did {
    /// `Ola answered 2 min ago`
    pub fn words(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Noted => "wrote a note",
            Self::Joined => "joined",
            Self::Assigned => "was invited",
        }
    }

    pub fn is_message(self) -> bool {
        matches!(self, Self::Answered | Self::Noted)
    }
}

/// The latest thing that another agent did in the case. Who does not know who they are themselves has no company.
pub fn company<'m>(case: &'m Case, messages: impl IntoIterator<Item = &'m Message>, me: Option<UserId>, now: Timestamp) -> Option<Company> {
    let me = me?;
    let lately = |at: &Timestamp| *at > now - LATELY && *at < now + LATELY;
    let said = messages.into_iter().chain(case.last_message.as_deref()).filter(|message| message.case_id == case.id);
    let said = said.filter(|message| message.sender_type == SenderType::User && message.sender_id.is_some_and(|id| id != me.0));
    let said = said.filter_map(|message| {
        let did = match message.kind {
            MessageKind::Message => Did::Answered,
            MessageKind::Note => Did::Noted,
            _ => return None,
        };
        let named = message.sender.as_ref().map(|sender| sender.name.clone()).filter(|name| !name.is_empty());
        Some(Company { who: named.unwrap_or_else(|| called(case, message.sender_id)), did, at: message.date_created? })
    });
    let seats = case.owners().filter(|row| row.user_id != me.0).filter_map(|row| {
        let did = if row.status == "assigned" { Did::Assigned } else { Did::Joined };
        Some(Company { who: called(case, Some(row.user_id)), did, at: row.date_last_assigned.max(row.date_created)? })
    });
    said.chain(seats).filter(|company| lately(&company.at)).max_by_key(|company| company.at)
}

fn called(case: &Case, id: Option<i64>) -> Untrusted {
    let row = case.users.iter().find(|row| row.kind == SenderType::User && Some(row.user_id) == id);
    let named = row.and_then(|row| row.user.as_ref()).map(|person| person.name.clone()).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| id.map_or_else(|| "a colleague".to_owned(), |id| format!("agent {id}")).into())
}

#[cfg(test)]
mod tests {
    use super::{Company, Did, company};
    use crate::model::{Case, CaseId, CaseUser, Message, MessageKind, SenderType, Timestamp, UserId};
    use chrono::Duration;

    #[test]
    fn the_latest_thing_a_colleague_did_in_the_last_minutes_counts() {
        let now = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        let ago = |seconds: i64| Some(now - Duration::seconds(seconds));
        let said = |sender: i64, kind: MessageKind, seconds: i64| Message {
            case_id: CaseId(1),
            sender_type: if sender == 9 { SenderType::Contact } else { SenderType::User },
            sender_id: Some(sender),
            kind,
            date_created: ago(seconds),
            ..Message::default()
        };
        let seat = |user: i64, status: &str, seconds: i64| CaseUser {
            user_id: user,
            status: status.into(),
            date_last_assigned: ago(seconds),
            user: Some(crate::model::Person { id: user, name: "Ola".into(), ..Default::default() }),
            ..CaseUser::default()
        };
        let case = Case { id: CaseId(1), users: vec![seat(17, "joined", 5), seat(18, "assigned", 200), seat(19, "rejected", 1)], ..Case::default() };
        let found = |case: &Case, messages: &[Message]| company(case, messages, Some(UserId(17)), now);
        let of = |did: Did, seconds: i64| Some(Company { who: "Ola".into(), did, at: ago(seconds).unwrap() });
        assert_eq!(found(&case, &[]), of(Did::Assigned, 200));
        let others =
            [said(17, MessageKind::Message, 1), said(9, MessageKind::Message, 1), said(18, MessageKind::Event, 1), said(18, MessageKind::Message, 301)];
        assert_eq!(found(&case, &others), of(Did::Assigned, 200), "neither oneself nor the customer, an event or what is long over");
        assert_eq!(found(&case, &[said(18, MessageKind::Message, 120)]), of(Did::Answered, 120));
        let last = Case { last_message: Some(Box::new(said(18, MessageKind::Note, 60))), ..case.clone() };
        assert_eq!(found(&last, &[said(18, MessageKind::Message, 120)]), of(Did::Noted, 60));
        assert_eq!(company(&case, &[], None, now), None);
        let other = Case { id: CaseId(2), ..Case::default() };
        assert_eq!(found(&other, &[said(18, MessageKind::Message, 1)]), None, "in another case of the thread");
    }
}
