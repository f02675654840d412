//! Keys in, effects and state out: the core without a clock, a disk or a network.

mod asking;
mod assisting;
mod backwards;
mod bulk;
mod files;
mod finding;
mod hunting;
mod lanes;
mod lengths;
mod letters;
mod links;
mod logging;
mod looking;
mod macros;
mod marking;
mod owning;
mod pane;
mod planning;
mod pointing;
mod proving;
mod receipts;
mod revising;
mod sending;
mod target;
mod telling;
mod timelines;
mod translating;
mod triaging;
mod undoing;
mod vi;
mod viewing;
mod writing;

use super::*;
use crate::model::{
    Actor, CaseId, Change, Conversation, Draft, Message, MessageId, Op, OpId, OpState, Outcome, Row, Saved, SenderType, Status, ThreadId, Timestamp, View,
    Window, WindowAsk,
};
use chrono::{Duration, TimeZone, Utc};
use ratatui::layout::Size;
use tui_textarea::{Input, Key};

fn at(seconds: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap() + Duration::seconds(seconds)
}

/// A reading in which nothing of an operation is found and nothing stands in its way.
fn clear() -> Seen {
    Seen { status: Some(Status::Active), whole: true, ..Seen::default() }
}

/// The core beside a server that answers the look before an attempt at once.
fn update(state: &mut State, now: Timestamp, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    for effect in super::update(state, now, event) {
        match effect {
            Effect::Look(op) if op.state == OpState::Queued => effects.extend(update(state, now, Event::Looked { op: op.id(), result: Box::new(Ok(clear())) })),
            effect => effects.push(effect),
        }
    }
    effects
}

fn row(id: i64) -> Row {
    Row { id: CaseId(id), thread: ThreadId(id), status: Status::Active, contact: "Mina Sato".into(), ..Row::default() }
}

fn window(ids: std::ops::Range<i64>) -> Window {
    Window { view: View::Queue, rows: ids.map(row).collect(), ..Window::default() }
}

/// A state with a list of active cases 1..=9, a sender, connected.
fn desk() -> State {
    let mut state = State::new(Settings::default(), Size::new(120, 40), at(0), 7);
    state.me = Some(Actor { id: crate::model::UserId(17), name: "Ola".into() });
    state.sender = true;
    state.sync.complete = true;
    let _first = update(&mut state, at(0), Event::Drained);
    update(&mut state, at(0), Event::Loaded(Box::new(Loaded::Window(window(1..10)))));
    // And painted.
    state.list.unseen = false;
    state
}

fn input(key: &str) -> Input {
    let (ctrl, bare) = key.strip_prefix('^').filter(|rest| !rest.is_empty()).map_or((false, key), |rest| (true, rest));
    let key = match bare {
        "Esc" => Key::Esc,
        "Enter" => Key::Enter,
        "Tab" => Key::Tab,
        "Space" => Key::Char(' '),
        "Home" => Key::Home,
        "End" => Key::End,
        _ => Key::Char(bare.chars().next().unwrap()),
    };
    Input { key, ctrl, alt: false, shift: false }
}

/// Presses keys, split at spaces; gives all effects. New operations are stored as the disk would.
fn press(state: &mut State, seconds: i64, keys: &str) -> Vec<Effect> {
    let mut all = Vec::new();
    for key in keys.split(' ') {
        let effects = update(state, at(seconds), Event::Pressed(input(key)));
        store(state, seconds, &effects);
        all.extend(effects);
    }
    all
}

fn store(state: &mut State, seconds: i64, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Queue(ops) | Effect::Swap { into: ops, .. } = effect {
            let mut ops = ops.clone();
            let next = state.outbox.ops.iter().map(|op| op.seq).max().unwrap_or(0) + 1;
            for (op, seq) in ops.iter_mut().zip(next..) {
                op.seq = seq;
            }
            update(state, at(seconds), Event::Loaded(Box::new(Loaded::Stored(ops))));
        }
    }
}

fn pushes(effects: &[Effect]) -> Vec<OpId> {
    effects.iter().filter_map(|effect| if let Effect::Push(op) = effect { Some(op.id()) } else { None }).collect()
}

fn accepted() -> Outcome {
    Outcome::Accepted { server_id: Some(900), case: None, message: Some(Box::default()) }
}

/// Writes a reply to the chosen case and lets its undo window pass; gives the push.
fn reply(state: &mut State, seconds: i64, text: &str) -> OpId {
    press(state, seconds, "r");
    for c in text.chars() {
        update(state, at(seconds), Event::Pressed(Input { key: Key::Char(c), ctrl: false, alt: false, shift: false }));
    }
    press(state, seconds, "^s");
    let effects = update(state, at(seconds + 11), Event::Woke);
    pushes(&effects)[0]
}

#[test]
fn a_close_acts_on_the_painted_case_and_moves_on() {
    let mut state = desk();
    let effects = press(&mut state, 1, "j j e");
    let Some(Effect::Queue(ops)) = effects.iter().find(|effect| matches!(effect, Effect::Queue(_))) else { panic!("{effects:?}") };
    assert_eq!((ops[0].case(), &ops[0].mutation.change), (CaseId(3), &Change::Close { state: "handled".into() }));
    assert_eq!(state.list.selected, Some(CaseId(4)));
    assert_eq!(state.outbox.unsent(), 1);
}

#[test]
fn undo_before_the_window_ends_leaves_nothing_to_send() {
    let mut state = desk();
    press(&mut state, 1, "e");
    let effects = press(&mut state, 5, "z");
    assert!(matches!(&effects[..], [Effect::Advance { op, .. }] if op.state == OpState::Cancelled));
    assert_eq!(pushes(&update(&mut state, at(60), Event::Woke)), []);
    assert_eq!(state.list.selected, Some(CaseId(1)));
    let effects = press(&mut state, 61, "Z");
    assert!(matches!(&effects[..], [Effect::Queue(_)]), "redo composes it again");
}

#[test]
fn what_the_server_has_is_undone_by_the_named_opposite() {
    let mut state = desk();
    press(&mut state, 1, "e");
    let id = pushes(&update(&mut state, at(12), Event::Woke))[0];
    update(&mut state, at(13), Event::Pushed { op: id, outcome: Box::new(accepted()) });
    assert!(press(&mut state, 14, "z").is_empty());
    assert!(state.notice.as_ref().unwrap().text.contains("reopens"));
    let effects = press(&mut state, 15, "z");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops[0].mutation.change == Change::Reopen && ops[0].case() == CaseId(1)));
}

#[test]
fn letters_in_the_composer_are_text_and_the_draft_is_saved_after_a_pause() {
    let mut state = desk();
    press(&mut state, 1, "r e j z q");
    assert_eq!(state.focus, Focus::Compose);
    assert_eq!(state.compose.as_ref().unwrap().text(), "ejzq");
    assert_eq!(state.wake_at(), Some(at(1) + Duration::milliseconds(250)));
    let effects = update(&mut state, at(2), Event::Woke);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(draft) if draft.text == "ejzq" && draft.case == CaseId(1))));
    assert!(state.outbox.ops.is_empty());
}

#[test]
fn a_paste_is_text_and_never_keys() {
    let mut state = desk();
    update(&mut state, at(1), Event::Pasted("eee".into()));
    assert!(state.outbox.ops.is_empty());
    press(&mut state, 1, "r");
    update(&mut state, at(1), Event::Pasted("one\r\ntwo\u{1b}[201~\r".into()));
    assert_eq!(state.compose.as_ref().unwrap().text(), "one\ntwo[201~\n");
}

#[test]
fn a_reply_to_a_pending_case_claims_it_first() {
    let mut state = desk();
    state.list.window.rows[0].status = Status::Pending;
    let effects = press(&mut state, 1, "r h i ^s");
    let queued: Vec<_> = effects
        .iter()
        .filter_map(|effect| if let Effect::Queue(ops) = effect { Some(ops.iter().map(|op| op.mutation.change.kind()).collect::<Vec<_>>()) } else { None })
        .collect();
    assert_eq!(queued, [vec!["claim", "reply"]]);
}

#[test]
fn send_and_close_is_one_step_and_one_undo() {
    let mut state = desk();
    press(&mut state, 1, "r h i ^x e");
    assert_eq!((state.outbox.unsent(), state.focus, state.list.selected), (2, Focus::List, Some(CaseId(2))));
    press(&mut state, 2, "z");
    assert_eq!(state.outbox.unsent(), 0);
}

#[test]
fn steps_near_the_end_of_the_window_ask_for_more_in_time() {
    let mut state = desk();
    state.list.window = Window { more_after: true, ..window(1..100) };
    let mut asked = 0;
    for _ in 0..90 {
        asked += press(&mut state, 1, "j").iter().filter(|effect| matches!(effect, Effect::Load(Ask::Window(_)))).count();
    }
    assert_eq!((asked, state.list.selected), (1, Some(CaseId(91))));
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(window(60..140)))));
    assert_eq!(state.list.selected, Some(CaseId(91)));
}

#[test]
fn a_walk_through_the_list_is_previewed_where_it_ends() {
    let mut state = desk();
    let millis = |count| at(1) + Duration::milliseconds(count);
    let asks = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Load(Ask::Conversation(_))));
    assert!(asks(&update(&mut state, millis(0), Event::Drained)));
    for (after, previewed) in [(100, true), (130, false), (160, false), (500, true), (530, false)] {
        update(&mut state, millis(after), Event::Pressed(input("j")));
        assert_eq!(asks(&update(&mut state, millis(after), Event::Drained)), previewed, "{after}");
    }
    assert_eq!(state.wake_at(), Some(millis(590)));
    update(&mut state, millis(590), Event::Woke);
    assert!(asks(&update(&mut state, millis(590), Event::Drained)));
    assert_eq!(state.reader.as_ref().map(|reader| reader.case), state.list.selected);
    update(&mut state, millis(620), Event::Pressed(input("j")));
    assert!(asks(&press(&mut state, 2, "Enter")), "what is opened is not waited for");
}

#[test]
fn steps_beyond_the_pane_turn_half_a_page() {
    let mut state = desk();
    state.list.window = window(1..100);
    let mut turns = Vec::new();
    for key in ["j"; 40].into_iter().chain(["k"; 40]) {
        let top = state.list.top;
        press(&mut state, 1, key);
        let at = state.list.at().unwrap();
        assert!((state.list.top..state.list.top + 18).contains(&at));
        turns.extend((state.list.top != top).then_some(state.list.top));
    }
    assert_eq!(turns, [9, 18, 27, 18, 9, 0]);
}

#[test]
fn a_pull_never_moves_the_choice() {
    let mut state = desk();
    press(&mut state, 1, "j j");
    let moved = Window { at: 0, ..Window { view: View::Queue, rows: [9, 8, 3, 1].map(row).to_vec(), ..Window::default() } };
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(moved))));
    assert_eq!(state.list.selected, Some(CaseId(3)));
}

#[test]
fn polls_are_quick_while_active_slow_when_idle_and_back_off_when_away() {
    let mut state = desk();
    state.sync.next_pull = Some(at(0));
    let effects = press(&mut state, 0, "j");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Pull(_))));
    update(&mut state, at(1), Event::Pulled(Ok(PullReport::default())));
    assert_eq!(state.sync.next_pull, Some(at(6)));
    update(&mut state, at(300), Event::Woke);
    update(&mut state, at(301), Event::Pulled(Ok(PullReport::default())));
    assert_eq!(state.sync.next_pull, Some(at(331)));
    let mut last = Duration::zero();
    for round in 0..6_i64 {
        let now = 400 + round * 1000;
        update(&mut state, at(now), Event::Woke);
        let failure = Failure { kind: FailureKind::Offline, text: "refused".into() };
        update(&mut state, at(now), Event::Pulled(Err(failure)));
        let wait = state.sync.next_pull.unwrap() - at(now);
        assert!(wait > last && wait <= Duration::seconds(300));
        last = wait;
    }
}

#[test]
fn new_messages_keep_the_place_of_a_reader_who_scrolled_up() {
    let mut state = desk();
    let message = |id: i64| Message {
        id: MessageId(id),
        sender_type: SenderType::Contact,
        message: "word ".repeat(30).into(),
        date_created: Some(at(id)),
        ..Message::default()
    };
    let thread = |count: i64| Conversation { thread: ThreadId(1), messages: (1..=count).map(message).collect(), ..Conversation::default() };
    press(&mut state, 1, "Enter");
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(thread(60)) })));
    let painted = |state: &State| state.reader.as_ref().map(|reader| (reader.top, reader.lines.clone())).unwrap();
    let end = painted(&state);
    press(&mut state, 2, "k k");
    let place = painted(&state);
    assert_eq!(place.1[2..], end.1[..end.1.len() - 2]);
    update(&mut state, at(3), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(thread(61)) })));
    assert_eq!(painted(&state), place);
}

#[test]
fn ctrl_c_cancels_a_prompt_and_only_twice_quits() {
    let mut state = desk();
    press(&mut state, 1, "/ x ^c");
    assert_eq!((state.focus, state.prompt.is_none()), (Focus::List, true));
    assert!(!press(&mut state, 1, "^c").contains(&Effect::Quit));
    assert!(press(&mut state, 1, "^c").contains(&Effect::Quit));
}

#[test]
fn what_is_read_stays_open_when_its_row_leaves_the_list() {
    let mut state = desk();
    press(&mut state, 1, "j Enter");
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(Window { at: 1, rows: [1, 3, 4].map(row).to_vec(), ..window(1..1) }))));
    update(&mut state, at(2), Event::Drained);
    assert_eq!((state.reader.as_ref().unwrap().case, state.target(), state.list.selected), (CaseId(2), Some(CaseId(2)), Some(CaseId(3))));
    press(&mut state, 3, "]");
    assert_eq!(state.reader.as_ref().unwrap().case, CaseId(3), "the next one is not skipped");
    press(&mut state, 4, "e");
    assert_eq!(state.reader.as_ref().unwrap().case, CaseId(4), "a close opens the next");
}

#[test]
fn the_link_of_a_case_is_copied_where_one_is_configured() {
    let mut state = desk();
    assert!(press(&mut state, 1, "y u").is_empty() && state.notice.as_ref().unwrap().text.contains("config"));
    state.settings.link = Some("https://desk.example/cases/{id}".into());
    assert_eq!(press(&mut state, 1, "y u"), clip::copy("https://desk.example/cases/1".into(), "28 characters"));
}

#[test]
fn alt_and_a_letter_is_esc_and_the_letter() {
    let mut state = desk();
    press(&mut state, 1, "Enter");
    update(&mut state, at(1), Event::Pressed(Input { alt: true, ..input("6") }));
    assert_eq!((state.focus, state.list.view), (Focus::List, View::Closed));
}

#[test]
fn pickers_take_numbers_and_plain_words() {
    let mut state = desk();
    press(&mut state, 1, "E 1");
    assert!(matches!(&state.outbox.ops[0].mutation.change, Change::Close { state } if state == "handled"));
    press(&mut state, 1, "B 2 h Enter");
    assert!(matches!(&state.outbox.ops[1].mutation.change, Change::Snooze { until, .. } if *until == at(1) + Duration::hours(2)));
    press(&mut state, 1, "B n e v e r Enter");
    assert!(state.prompt.as_ref().unwrap().error.is_some());
}

proptest::proptest! {
    /// Whatever is pressed, an effect on a case names the case that was painted as chosen.
    #[test]
    fn keys_act_on_the_painted_case(keys in proptest::collection::vec("[jkeabimorztfu.?:/ECBAJKGgy1-7]", 1..60)) {
        let mut state = desk();
        for key in keys {
            let painted = match state.focus { Focus::List => state.list.selected, _ => state.reader.as_ref().map(|reader| reader.case).or(state.list.selected) };
            let undo = key == "z";
            let effects = update(&mut state, at(1), Event::Pressed(input(&key)));
            for effect in &effects {
                if let Effect::Queue(ops) = effect {
                    proptest::prop_assert!(undo || ops.iter().all(|op| Some(op.case()) == painted));
                }
            }
            store(&mut state, 1, &effects);
        }
    }
}
