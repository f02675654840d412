//! The filter language as it is read.

use super::{Bound, Condition, Filter, Moment, Sort, SortBy, Term, View};
use crate::model::{CaseId, Channel, Status};
use chrono::Duration;

fn terms(text: &str) -> Vec<Term> {
    let filter = Filter::parse(text).unwrap();
    assert!(filter.any.len() <= 1 && filter.conditions().all(|condition| !condition.not), "{text}");
    filter.any.into_iter().flatten().map(|condition| condition.term).collect()
}

fn wrong(text: &str) -> String {
    Filter::parse(text).unwrap_err().to_string()
}

fn span(less: bool, equal: bool, minutes: i64) -> Bound {
    Bound { less, equal, span: Duration::minutes(minutes) }
}

#[test]
fn every_term_is_read() {
    for (text, wanted) in [
        ("status:active", Term::Status(Status::Active)),
        ("channel:mail", Term::Channel(Channel::Email)),
        ("Queue", Term::View(View::Queue)),
        ("view:mine", Term::View(View::Mine)),
        ("mine", Term::Mine),
        ("owner:me", Term::Mine),
        ("owner:nobody", Term::Nobody),
        ("owner:Ola", Term::Owner("ola".into())),
        ("owner:\"nobody\"", Term::Owner("nobody".into())),
        ("unread", Term::Unread),
        ("is:unread", Term::Unread),
        ("#4410", Term::Id(CaseId(4410))),
        ("id:4410", Term::Id(CaseId(4410))),
        ("contact:\"Ola Nordmann\"", Term::Contact("ola nordmann".into())),
        ("tag:VIP", Term::Mark("tag:vip".into())),
        ("field.Order:881", Term::Mark("field.order:881".into())),
        ("state:\"not  ours\"", Term::Mark("state:not ours".into())),
        ("feedback:<=2", Term::Rated(0b110)),
        ("feedback:5", Term::Rated(0b10_0000)),
        ("due:<30m", Term::Moment(Moment::Due, span(true, false, 30))),
        ("wait:>=1h30m", Term::Moment(Moment::Wait, span(false, true, 90))),
        ("closed:<7d", Term::Moment(Moment::Closed, span(true, false, 7 * 24 * 60))),
        ("\"Two words\"", Term::Words("two words".into())),
        ("\"mine\"", Term::Words("mine".into())),
        ("12:30", Term::Words("12:30".into())),
        ("https://a.example/b", Term::Words("https://a.example/b".into())),
        ("-", Term::Words("-".into())),
        ("Refund", Term::Words("refund".into())),
    ] {
        assert_eq!(terms(text), [wanted], "{text}");
    }
}

#[test]
fn terms_side_by_side_are_all_meant_and_or_parts_groups() {
    let filter = Filter::parse("-mine tag:vip or -\"two words\"").unwrap();
    let condition = |term, not| Condition { term, not };
    let first = vec![condition(Term::Mine, true), condition(Term::Mark("tag:vip".into()), false)];
    assert_eq!(filter.any, [first, vec![condition(Term::Words("two words".into()), true)]]);
    let both = filter.and(&Filter::parse("unread").unwrap());
    assert!(both.any.len() == 2 && both.any.iter().all(|group| group.last().unwrap().term == Term::Unread));
    assert_eq!(filter.and(&Filter::default()), filter);
    assert_eq!(Filter::parse("  "), Ok(Filter::default()));
}

#[test]
fn errors_point_at_the_column_and_say_what_would_be_right() {
    for (text, said) in [
        ("mine \"open", "column 6: a quotation mark without its end"),
        ("  status:", "column 3: status: needs a value like active"),
        ("mine due:30m", "column 6: due: needs a time like <30m"),
        ("-wait:<x", "column 1: wait: needs a time like >10m"),
        ("due:", "column 1: due: needs a value: a time like <30m"),
        ("feedback:<=9", "column 1: feedback: needs a score from 1 to 5 like <=2"),
        ("é #x", "column 3: '#x' is not the number of a case like #4410"),
        ("view:nope", "column 1: no view is called 'nope': queue, mine, active, pending, snoozed, closed, all"),
        ("stats:open", "column 1: 'stats:' is not known: did you mean status:; a text stands in \"quotation marks\""),
        ("field:9", "column 1: field: needs the name of a field like field.order:881"),
        ("or mine", "column 1: 'or' needs a term before it"),
        ("mine or", "column 6: 'or' needs a term after it"),
    ] {
        assert_eq!(wrong(text), said, "{text}");
    }
    assert!(wrong("zz:9").contains("there are status, channel,"), "{}", wrong("zz:9"));
}

#[test]
fn nothing_that_is_typed_breaks_the_reader() {
    for text in
        ["\"", "-\"", "a:\"", ":", "-:", "::", "-", "--", "-- -", "field.:1", "feedback:<", "due:<\u{0}", "é:é", "due:<99999999999w", "id:99999999999999999999"]
    {
        let _read = Filter::parse(text);
    }
}

#[test]
fn an_order_has_a_name_and_a_direction() {
    assert_eq!(Sort::parse("-updated"), Some(Sort { by: SortBy::Updated, reversed: true }));
    assert!(Sort::WORDS.iter().all(|word| Sort::parse(word).is_some()));
    assert_eq!(Sort::parse("size"), None);
}
