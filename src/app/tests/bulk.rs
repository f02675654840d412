//! One action on many cases: said before it is done, done as one step, taken back by one key.

use super::*;
use crate::app::bulk::MANY;
use crate::app::bulk::plan::Plan;
use crate::model::about::About;
use crate::model::pick::Picked;
use crate::model::{Canned, Case, CaseUser, Contact, Draft, DraftKind, Op};
use serde_json::json;

fn about(id: i64) -> About {
    let contact = Contact { fields: json!({"name": format!("Mina {id}")}).as_object().cloned().unwrap(), ..Contact::default() };
    let users = vec![CaseUser { user_id: 17, status: "joined".into(), ..CaseUser::default() }];
    let case = Case { id: CaseId(id), thread_id: ThreadId(id), status: Status::Active, contact: Some(contact), users, ..Case::default() };
    About { case, thread: ThreadId(id), wrote: Some(at(-600)), draft: false }
}

/// Presses keys; what is asked of the cases is answered by `tell`.
fn told(state: &mut State, seconds: i64, keys: &str, tell: impl Fn(i64) -> About) -> Vec<Effect> {
    let mut all = Vec::new();
    for key in keys.split(' ') {
        let effects = press(state, seconds, key);
        answer(state, seconds, &effects, &tell);
        all.extend(effects);
    }
    all
}

fn answer(state: &mut State, seconds: i64, effects: &[Effect], tell: impl Fn(i64) -> About) {
    for effect in effects {
        if let Effect::Load(Ask::Study(asked)) = effect {
            let found = asked.iter().map(|case| tell(case.0)).collect();
            update(state, at(seconds), Event::Loaded(Box::new(Loaded::Studied { asked: asked.clone(), found })));
        }
    }
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn queued(effects: &[Effect]) -> Vec<Op> {
    effects.iter().filter_map(|effect| if let Effect::Queue(ops) = effect { Some(ops.clone()) } else { None }).flatten().collect()
}

fn why(state: &State, id: i64) -> String {
    let line = state.sheet.as_ref().unwrap().lines.iter().find(|line| line.case == CaseId(id)).unwrap();
    match &line.plan {
        Plan::Cannot(why) => why.clone(),
        Plan::Does { doubt, .. } => doubt.clone().unwrap_or_default(),
    }
}

/// A thousand cases that are marked.
fn thousand() -> State {
    let mut state = desk();
    state.list.window = window(1..40);
    let effects = press(&mut state, 1, "*");
    let Some(Effect::Pick(pick)) = effects.first().cloned() else { panic!("{effects:?}") };
    update(&mut state, at(1), Event::Picked(Ok(Picked { pick, cases: (1..=1000).map(CaseId).collect(), more: false, why: String::new() })));
    state
}

fn accept_all(state: &mut State, seconds: i64) {
    while let Some(op) = state.outbox.ops.iter().find(|op| op.state == OpState::Sending).map(Op::id) {
        let outcome = Outcome::Accepted { server_id: Some(900), case: None, message: Some(Box::default()) };
        update(state, at(seconds), Event::Pushed { op, outcome: Box::new(outcome) });
    }
}

#[test]
fn a_sheet_says_what_would_happen_and_enter_does_it_as_one_step() {
    let mut state = desk();
    assert!(queued(&told(&mut state, 1, "x x j x e", about)).is_empty(), "nothing before Enter");
    assert_eq!((state.focus, state.sheet.as_ref().unwrap().lines.len()), (Focus::Sheet, 3));
    let effects = press(&mut state, 2, "Enter");
    let ops = queued(&effects);
    assert_eq!(ops.iter().map(|op| op.case().0).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::Queue(_))).count(), 1, "one transaction");
    let windows: Vec<i64> = ops.iter().map(|op| (op.not_before.unwrap() - at(12)).num_milliseconds()).collect();
    assert_eq!(windows, [0, 100, 200], "they end one after the other");
    assert_eq!(notice(&state), "closed 3 cases as handled · z takes all of it back");
    assert!(state.list.marks.is_empty() && state.focus == Focus::List && state.undo.len() == 1);
    let effects = press(&mut state, 3, "z");
    assert!(matches!(&effects[..], [Effect::AdvanceAll { ops, .. }] if ops.len() == 3 && ops.iter().all(|op| op.state == OpState::Cancelled)), "{effects:?}");
    assert_eq!((notice(&state), state.outbox.unsent(), state.list.selected), ("undone: closed 3 cases", 0, Some(CaseId(1))));
    assert_eq!(queued(&press(&mut state, 4, "Z")).len(), 3);
    press(&mut state, 5, "z");
    assert_eq!((state.outbox.unsent(), state.undo.len(), state.redo.len()), (0, 0, 1));
}

#[test]
fn esc_does_nothing_and_the_marks_stay() {
    let mut state = desk();
    told(&mut state, 1, "x x e Esc", about);
    assert_eq!((state.focus, state.outbox.unsent(), state.list.marks.len()), (Focus::List, 0, 2));
    told(&mut state, 1, "b", about);
    assert_eq!(state.focus, Focus::Sheet);
    press(&mut state, 1, "a b Enter");
    assert!(notice(&state).starts_with("nothing to do") && state.outbox.ops.is_empty(), "{}", notice(&state));
}

#[test]
fn the_cursor_goes_on_to_the_next_row_that_stays() {
    let mut state = desk();
    told(&mut state, 1, "x x x k k e Enter", about);
    assert_eq!(state.list.selected, Some(CaseId(4)));
    told(&mut state, 1, "x a Enter", about);
    assert_eq!(state.list.selected, Some(CaseId(5)), "a claim moves nothing but the mark's step");
}

#[test]
fn what_does_not_take_it_says_why_and_a_doubt_is_left_out_until_it_is_taken_in() {
    let mut state = desk();
    let replies = vec![Canned { name: "Order".into(), key: Some(1), text: "Hi {{contact.first|there}}, order {{case.order}}".into(), ..Canned::default() }];
    update(&mut state, at(0), Event::Stocked { replies, flaws: Vec::new() });
    let tell = |id: i64| {
        let mut about = about(id);
        about.case.fields = if id == 2 { crate::model::Object::default() } else { json!({"order": id * 100}).as_object().cloned().unwrap() };
        match id {
            1 => about.case.status = Status::Closed,
            3 => about.draft = true,
            4 => about.wrote = Some(at(-59)),
            5 => about.case.status = Status::Pending,
            _ => {}
        }
        about
    };
    told(&mut state, 1, "x x x x x x m 1", tell);
    assert_eq!(
        [1, 2, 3, 4, 5, 6].map(|id| why(&state, id)),
        ["closed: it takes no message", "{{case.order}} is not known", "a draft of yours stands there", "the customer wrote 1m ago", "", ""]
    );
    press(&mut state, 1, "b f");
    assert_eq!(notice(&state), "#2: {{case.order}} is not known", "what can't be done can't be taken in");
    let ops = queued(&press(&mut state, 1, "d Enter"));
    let said: Vec<_> = ops.iter().map(|op| (op.case().0, op.mutation.change.kind(), op.mutation.change.text().unwrap_or_default())).collect();
    assert_eq!(said, [(4, "reply", "Hi Mina, order 400"), (5, "claim", ""), (5, "reply", "Hi Mina, order 500")], "{said:?}");
    assert!(notice(&state).contains("4 left as they are"), "{}", notice(&state));
}

#[test]
fn prompts_ask_once_for_all() {
    let mut state = desk();
    state.agents = vec![crate::model::Person { id: 18, name: "Ada".into(), email: None, kind: None }];
    for (keys, kind) in [("x x E 1 Enter", "close"), ("x x B 2 h Enter Enter", "snooze"), ("x x A a Enter", "assign"), ("x x a Enter", "claim")] {
        let tell = |id: i64| {
            let mut about = about(id);
            about.case.users.clear();
            about
        };
        let ops = queued(&told(&mut state, 1, keys, tell));
        assert_eq!((ops.len(), ops[0].mutation.change.kind()), (2, kind), "{keys}");
    }
}

#[test]
fn a_text_to_many_is_written_once_and_filled_in_for_each() {
    let mut state = desk();
    told(&mut state, 1, "x x r H i Space { { c o n t a c t . n a m e } }", about);
    assert_eq!(state.compose.as_ref().unwrap().case, MANY);
    let effects = update(&mut state, at(3), Event::Woke);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(Draft { case: MANY, kind: DraftKind::Reply, .. }))), "a crash loses nothing");
    told(&mut state, 4, "^s", about);
    assert_eq!(state.focus, Focus::Sheet);
    assert_eq!(state.sheet.as_ref().unwrap().lines[1].text(), Some("Hi Mina 2"));
    press(&mut state, 4, "Esc");
    assert_eq!((state.focus, state.compose.is_some()), (Focus::Compose, true), "the text is still there");
    let effects = told(&mut state, 5, "^x e Enter", about);
    let said: Vec<_> = queued(&effects).iter().map(|op| (op.case().0, op.mutation.change.clone())).collect();
    let close = || Change::Close { state: "handled".into() };
    assert_eq!(said, [(1, Change::reply("Hi Mina 1")), (1, close()), (2, Change::reply("Hi Mina 2")), (2, close())]);
    assert!(state.compose.is_none() && effects.contains(&Effect::DropDraft(MANY)));
    press(&mut state, 6, "z");
    assert_eq!((notice(&state), state.outbox.unsent()), ("undone: replied to and closed 2 cases · the texts are drafts again", 0));
}

#[test]
fn no_key_acts_while_the_cases_are_still_being_looked_for() {
    let mut state = desk();
    let effects = press(&mut state, 1, "x * e");
    assert!(queued(&effects).is_empty() && state.sheet.is_none());
    assert!(notice(&state).contains("still being looked for"), "{}", notice(&state));
    assert!(queued(&press(&mut state, 1, "r")).is_empty() && state.compose.is_none());
}

#[test]
fn in_a_thread_the_marks_are_left_alone() {
    let mut state = desk();
    let ops = queued(&told(&mut state, 1, "x x Enter e", about));
    assert_eq!(ops.iter().map(|op| op.case().0).collect::<Vec<_>>(), [3], "the open case");
    assert_eq!(state.list.marks.len(), 2);
}

#[test]
fn a_thousand_are_read_and_queued_in_pieces_and_one_key_takes_all_back() {
    let mut state = thousand();
    let effects = told(&mut state, 1, "e", about);
    assert!(matches!(&effects[..], [Effect::Load(Ask::Study(piece))] if piece.len() == 100));
    assert!(queued(&press(&mut state, 1, "Enter")).is_empty());
    assert_eq!(notice(&state), "100 of 1000 cases are read: in a moment");
    let mut rounds = 0;
    while state.wake_at().unwrap() <= at(1) && rounds < 20 {
        let effects = update(&mut state, at(1), Event::Woke);
        answer(&mut state, 1, &effects, about);
        rounds += 1;
    }
    assert_eq!((rounds, state.sheet.as_ref().unwrap().lines.len()), (9, 1000));
    let first = queued(&press(&mut state, 1, "Enter"));
    assert_eq!((first.len(), notice(&state)), (40, "queued 40 of 1000 · z takes all of it back"));
    for _ in 0..3 {
        let effects = update(&mut state, at(1), Event::Woke);
        assert_eq!(queued(&effects).len(), 40);
        store(&mut state, 1, &effects);
    }
    press(&mut state, 1, "j j");
    let effects = press(&mut state, 2, "z");
    assert!(matches!(&effects[..], [Effect::AdvanceAll { ops, .. }] if ops.len() == 160), "what was queued is taken back");
    assert!(state.doing.is_none() && state.outbox.ops.is_empty(), "and the rest is not queued at all");
    assert!(queued(&update(&mut state, at(3), Event::Woke)).is_empty());
}

#[test]
fn what_left_already_is_named_and_taken_back_by_the_next_key() {
    let mut state = desk();
    told(&mut state, 1, "x x x e Enter", about);
    let sent = pushes(&update(&mut state, at(11) + Duration::milliseconds(50), Event::Woke));
    assert_eq!(sent.len(), 1);
    accept_all(&mut state, 11);
    press(&mut state, 11, "z");
    assert_eq!(notice(&state), "undone: closed 3 cases (the close stays: the server has it)");
    assert!(queued(&press(&mut state, 12, "z")).is_empty());
    assert!(notice(&state).contains("z again reopens it"), "{}", notice(&state));
    let ops = queued(&press(&mut state, 13, "z"));
    assert_eq!((ops.len(), ops[0].case(), &ops[0].mutation.change), (1, CaseId(1), &Change::Reopen));
    assert!(state.undo.is_empty(), "taking back is no step of its own");
}

#[test]
fn a_macro_that_waits_for_the_customer_waits_for_each_ones_own() {
    let mut state = desk();
    state.canned.replies = vec![Canned { name: "Rest".into(), key: Some(1), snooze: Some("until they write".into()), ..Canned::default() }];
    let tell = |id: i64| About { wrote: Some(at(-600 * id)), ..about(id) };
    let ops = queued(&told(&mut state, 1, "x x m 1 Enter", tell));
    let waits = |op: &Op| matches!(&op.mutation.change, Change::Snooze { message: Some(message), .. } if *message == crate::model::Snooze::until_they_write(Some(at(-600 * op.case().0))));
    assert!(ops.len() == 2 && ops.iter().all(waits), "{ops:?}");
}

#[test]
fn the_form_is_of_one_case_and_says_so_where_many_are_marked() {
    let mut state = desk();
    press(&mut state, 1, "x x f");
    assert!(state.form.is_none() && notice(&state).contains("case by case"), "{}", notice(&state));
}

#[test]
fn the_tags_of_many_are_ticked_for_none_and_only_added() {
    let mut state = desk();
    let tag = |name: &str| crate::model::Tag { name: name.into(), ..crate::model::Tag::default() };
    state.account.tags = vec![tag("refund"), tag("vip")];
    press(&mut state, 1, "Enter");
    let case = Case { tags: vec![tag("vip")], ..about(1).case };
    let conversation = crate::model::Conversation { thread: ThreadId(1), cases: vec![case], ..crate::model::Conversation::default() };
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
    press(&mut state, 1, "h x x k k t");
    let prompt = state.prompt.clone().unwrap();
    assert_eq!((prompt.choices.as_slice(), state.list.selected), (["[ ] refund".to_owned(), "[ ] vip".to_owned()].as_slice(), Some(CaseId(1))));
    assert_eq!(tags::title(&state, &prompt).unwrap(), "tags of 2 cases · Space ticks, Enter adds them");
    press(&mut state, 1, "Space Space Enter");
    assert!(state.sheet.is_none() && notice(&state).contains("nothing was ticked"), "{}", notice(&state));
    press(&mut state, 1, "t Space Enter");
    let job = state.sheet.as_ref().unwrap().job.clone();
    assert_eq!(job, crate::app::bulk::Job::Do(Change::Tag { add: vec!["refund".into()], remove: Vec::new() }));
}

#[test]
fn what_was_asked_of_marked_cases_is_not_done_to_the_one_below_the_cursor() {
    for keys in ["x t", "x E", "x B", "x A"] {
        let mut state = desk();
        state.account.tags = vec![crate::model::Tag { name: "vip".into(), ..crate::model::Tag::default() }];
        press(&mut state, 1, keys);
        assert!(state.prompt.as_ref().is_some_and(|prompt| prompt.many), "{keys}");
        state.list.marks.cases.clear();
        let effects = press(&mut state, 2, "Enter");
        assert!(queued(&effects).is_empty() && state.sheet.is_none(), "{keys}: {effects:?}");
        assert!(notice(&state).contains("the marks went"), "{keys}: {}", notice(&state));
    }
}

#[test]
fn ctrl_c_leaves_the_sheet_whatever_its_keys_are() {
    let mut state = desk();
    press(&mut state, 1, "x x e");
    assert_eq!(state.focus, Focus::Sheet);
    press(&mut state, 1, "^c");
    assert!(state.focus == Focus::List && state.sheet.is_none() && state.list.marks.len() == 2);
}
