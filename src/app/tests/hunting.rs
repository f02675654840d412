//! A search in a thread that is too long to be looked through on one key.

use super::*;
use crate::app::lines::Place;

/// Some hundred messages; the words are in every seventh one of the second half.
fn long() -> State {
    let mut state = desk();
    let text = |id: i64| if id > 300 && id % 7 == 0 { "the parcel " } else { "pa.rcel and so on " };
    let message = |id: i64| Message {
        id: MessageId(id),
        sender_type: SenderType::Contact,
        message: text(id).repeat(60).into(),
        date_created: Some(at(id)),
        ..Message::default()
    };
    let thread = Conversation { thread: ThreadId(1), messages: (1..=600).map(message).collect(), ..Conversation::default() };
    press(&mut state, 1, "Enter");
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(thread) })));
    state
}

fn goes_on(state: &State) -> bool {
    state.reader.as_ref().is_some_and(|reader| reader.hunt.due(state.turned).is_some())
}

/// Wakes until the search is over; how often.
fn ended(state: &mut State) -> usize {
    let mut wakes = 0;
    while goes_on(state) && wakes < 1_000 {
        update(state, at(2), Event::Woke);
        wakes += 1;
    }
    assert!(!goes_on(state));
    wakes
}

fn shown(state: &State) -> (Option<Place>, Place, Option<usize>, Option<String>) {
    let reader = state.reader.as_ref().unwrap();
    (reader.found, reader.top, reader.message, state.notice.as_ref().map(|notice| notice.text.clone()))
}

#[test]
fn a_hit_is_shown_before_all_is_looked_through_and_counted_after() {
    let mut state = long();
    press(&mut state, 2, "/ p a r c e l Enter");
    assert!(goes_on(&state) && state.wake_at().is_some_and(|wake| wake <= at(2)), "no key waits for all of it");
    assert_eq!(shown(&state).3.unwrap(), "searching for 'parcel'… · another key stops it");
    while shown(&state).0.is_none() {
        update(&mut state, at(2), Event::Woke);
    }
    assert!(goes_on(&state));
    let said = shown(&state).3.unwrap();
    assert!(said.starts_with("'parcel' 1 of ") && said.ends_with("+ · n next, N previous"), "{said}");
    assert!(ended(&mut state) > 1);
    let said = shown(&state).3.unwrap();
    assert!(!said.contains('+'), "{said}");
}

#[test]
fn keys_that_come_before_the_search_is_over_lead_where_they_lead_after_it() {
    for keys in ["n", "N", "n n", "n N", "N n", "N N N n", "n n n N N N N"] {
        let mut slow = long();
        press(&mut slow, 2, "/ p a r c e l Enter");
        ended(&mut slow);
        press(&mut slow, 2, keys);
        let mut quick = long();
        press(&mut quick, 2, "/ p a r c e l Enter");
        press(&mut quick, 2, keys);
        assert!(goes_on(&quick), "{keys}");
        ended(&mut quick);
        assert_eq!(shown(&quick), shown(&slow), "{keys}");
    }
}

#[test]
fn another_key_stops_a_search_and_the_next_n_goes_on_with_it() {
    let mut state = long();
    press(&mut state, 2, "g g / p a r c e l Enter k");
    assert!(!goes_on(&state));
    assert_eq!(shown(&state).0, None);
    press(&mut state, 2, "n");
    ended(&mut state);
    assert!(shown(&state).0.is_some());
    let mut vain = long();
    press(&mut vain, 2, "/ p a - r c e l Enter");
    ended(&mut vain);
    assert_eq!(shown(&vain).3.unwrap(), "'pa-rcel' is not in this thread");
    press(&mut vain, 2, "/ p a - r c e l Enter Esc");
    update(&mut vain, at(2), Event::Woke);
    assert!(!goes_on(&vain), "nothing is looked for in the list");
}
