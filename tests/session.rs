//! A morning with the demo, in a real terminal: read, reply, note, close, undo, reopen, quit, start again; and what
//! the server's database holds afterwards is what the agent did.

use crate::terminal::Terminal;
use std::path::Path;

const DEMO: [&str; 7] = ["demo", "--quiet", "--seed", "7", "--cases", "60", "--dir"];
/// Time-outs and the undo window are a twentieth, so that the test need not wait.
const QUICK: &[(&str, &str)] = &[("CASELOAD_TIME_SCALE", "0.05"), ("COLORTERM", "truecolor")];

fn demo(folder: &Path, size: (u16, u16)) -> Terminal {
    let dir = folder.to_str().unwrap();
    Terminal::start(&[&DEMO[..], &[dir]].concat(), QUICK, folder, size)
}

/// The `#id` in the title of the thread pane.
pub fn thread(screen: &str) -> Option<i64> {
    let rest = &screen[screen.find("┌ #").or_else(|| screen.find("┏ #"))? + "┌ #".len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The demo in a wide terminal, with the cursor on a case of the agent's.
fn at_a_case_of_mine(folder: &Path) -> (Terminal, i64) {
    let mut inbox = demo(folder, (120, 40));
    inbox.shows("Queue");
    inbox.press("2").shows("[Mine");
    let screen = inbox.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    let case = thread(&screen).unwrap();
    (inbox, case)
}

/// Rows of one query on the demo's server database.
pub fn rows(folder: &Path, sql: &str) -> Vec<String> {
    let db = rusqlite::Connection::open_with_flags(server_file(folder), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut select = db.prepare(sql).unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn server_file(folder: &Path) -> std::path::PathBuf {
    folder.join("server.db")
}

#[test]
fn a_morning_with_the_demo() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let (mut inbox, case) = at_a_case_of_mine(folder);
    // Reply and note.
    inbox.press("\r").press("r").shows("Ctrl-s sends it");
    inbox.press("Dear customer, it left today. 返金").press("\x13").shows("it left today. 返金");
    inbox.press("i").shows("customer never sees");
    inbox.press("told them about the courier").press("\x13").shows("told them about the courier");
    inbox.until("everything sent", |screen| !screen.contains("outbox ") && !screen.contains("held"));
    // Close, take it back, close again.
    inbox.press("e").until("the next case", |screen| thread(screen).is_some_and(|id| id != case));
    inbox.press("z").shows(&format!("undone: closed #{case}"));
    inbox.until("the case again", |screen| thread(screen) == Some(case));
    inbox.press("e").until("the next case", |screen| thread(screen).is_some_and(|id| id != case));
    inbox.until("the close was sent", |screen| !screen.contains("outbox "));
    // Reopen it from the closed ones.
    inbox.press("\x1b").press("6").shows("[Closed");
    inbox.press("gg").until("the closed case on top", |screen| thread(screen) == Some(case));
    inbox.press(":reopen\r").shows(&format!("reopened #{case}"));
    inbox.until("the reopening was sent", |screen| !screen.contains("outbox "));
    // A text that is not sent stays.
    inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    inbox.press("r").shows("Ctrl-s sends it");
    inbox.press("half a thought").shows("draft saved");
    inbox.press("\x1b").shows("draft kept");
    inbox.press("\x1b").until("the list in focus", |screen| screen.contains("┏ Mine"));
    inbox.press("q");
    assert_eq!(inbox.ended(), 0);
    assert!(inbox.is_restored());

    let said = rows(
        folder,
        &format!("SELECT message FROM messages WHERE case_id = {case} AND sender_type = 'user' AND type IN ('message', 'note') ORDER BY id DESC LIMIT 2"),
    );
    assert_eq!(said, ["told them about the courier", "Dear customer, it left today. 返金"]);
    assert_eq!(rows(folder, &format!("SELECT status FROM cases WHERE id = {case}")), ["closed"]);
    let twice = rows(folder, "SELECT count(*) || '' FROM messages WHERE message LIKE '%it left today. 返金%'");
    assert_eq!(twice, ["1"]);
    let chain = rows(folder, &format!("SELECT status FROM cases WHERE parent_id = (SELECT thread_id FROM cases WHERE id = {case}) ORDER BY id DESC LIMIT 1"));
    assert_eq!(chain, ["active"]);

    // The next start finds everything.
    let mut inbox = demo(folder, (80, 24));
    inbox.shows("Queue");
    inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    inbox.press("r").shows("half a thought");
    inbox.signal("TERM");
    inbox.ended();
    assert!(inbox.is_restored());
}

#[test]
fn a_macro_is_two_presses() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let (mut inbox, case) = at_a_case_of_mine(folder);
    // Answered, closed, and on: two presses.
    inbox.press("m1").until("the next case", |screen| thread(screen).is_some_and(|id| id != case));
    inbox.shows(&format!("replied to and closed #{case} as handled"));
    inbox.until("all of it was sent", |screen| !screen.contains("outbox ") && !screen.contains("held"));
    let said = format!("SELECT message FROM messages WHERE case_id = {case} AND sender_type = 'user' AND type = 'message' ORDER BY id DESC LIMIT 1");
    let [text] = &rows(folder, &said)[..] else { panic!("no message") };
    assert!(text.contains("Everything is settled on our side now") && !text.contains("{{"), "{text}");
    assert_eq!(rows(folder, &format!("SELECT status || closing_state FROM cases WHERE id = {case}")), ["closedhandled"]);
    // The next one is taken back, in one step, before anything left.
    let screen = inbox.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    let next = thread(&screen).unwrap();
    inbox.press("m1z").shows(&format!("undone: replied to and closed #{next}"));
    // What came back as a draft is no word of the agent's: the right macro follows the slip at once.
    inbox.until("the case again", |screen| thread(screen) == Some(next));
    inbox.press("m2").shows(&format!("replied to and snoozed #{next}"));
    // A draft of the agent's own is neither sent nor lost.
    let screen = inbox.until("another thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some_and(|id| id != next));
    let last = thread(&screen).unwrap();
    inbox.press("r").shows("Ctrl-s sends it");
    inbox.press("half a thought\x1b").shows("draft kept");
    inbox.press("m1").shows("a draft of yours stood here");
    inbox.press("\x1b").shows("draft kept");
    inbox.press("q").press("q");
    inbox.ended();
    assert_eq!(rows(folder, &format!("SELECT status FROM cases WHERE id = {last}")), ["active"]);
}

/// Scrolls nothing and waits for nothing but the screen: the last message of mine is edited, then deleted.
#[test]
fn an_own_message_is_edited_and_deleted() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let (mut inbox, case) = at_a_case_of_mine(folder);
    inbox.press("\r").press("i").shows("customer never sees");
    inbox.press("told them about the couriar").press("\x13").shows("noted on #");
    inbox.until("the note was sent", |screen| !screen.contains("outbox ") && !screen.contains("held"));
    inbox.press("c").shows("Edit your note of");
    inbox.press("\x08\x08er once\x13").shows("edited a message of #");
    inbox.until("the edit was sent", |screen| !screen.contains("outbox ") && !screen.contains("edit held"));
    let notes = format!("SELECT message FROM messages WHERE case_id = {case} AND type = 'note' ORDER BY id DESC LIMIT 1");
    assert_eq!(rows(folder, &notes), ["told them about the courier once"]);
    let last = format!("SELECT id || '' FROM messages WHERE case_id = {case} AND type = 'note' ORDER BY id DESC LIMIT 1");
    let note = rows(folder, &last);
    inbox.press("D").shows("D again deletes your note");
    assert_eq!(rows(folder, &last), note, "named, not done");
    inbox.press("D").shows("deleted a message of #");
    inbox.until("the deletion was sent", |screen| !screen.contains("courier once") && !screen.contains("outbox "));
    assert_ne!(rows(folder, &last), note);
    inbox.press("q").press("q");
    inbox.ended();
}

/// Closed yesterday, as far as the program knows: another start finds it in the log and takes that very step back.
#[test]
fn a_step_of_an_earlier_start_is_taken_back_in_the_log() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let (mut inbox, case) = at_a_case_of_mine(folder);
    inbox.press("e").until("the next case", |screen| thread(screen).is_some_and(|id| id != case));
    inbox.until("the close was sent", |screen| !screen.contains("outbox "));
    // Something else after it, which stays.
    let next = thread(&inbox.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some())).unwrap();
    inbox.press("b").until("the case after", |screen| thread(screen).is_some_and(|id| id != next));
    inbox.until("the snooze was sent", |screen| !screen.contains("outbox "));
    inbox.press("q");
    assert_eq!(inbox.ended(), 0);
    let status = format!("SELECT status FROM cases WHERE id = {case}");
    assert_eq!(rows(folder, &status), ["closed"]);

    let mut inbox = demo(folder, (120, 40));
    inbox.shows("Queue");
    inbox.press(":log\r").shows(&format!("closed #{case} as"));
    inbox.press("j\r").until("the thread in focus", |screen| screen.contains(&format!("┏ #{case}")));
    inbox.press("gz").shows(&format!("closed #{case} as"));
    inbox.press("jz").shows("z again reopens it");
    inbox.press("z").shows("undone: reopened it");
    inbox.until("the reopening was sent", |screen| !screen.contains("outbox "));
    inbox.press("h").until("where it was opened", |screen| screen.contains("┏ #"));
    inbox.press("qq");
    assert_eq!(inbox.ended(), 0);
    let sql = format!("SELECT status FROM cases WHERE parent_id = (SELECT thread_id FROM cases WHERE id = {case}) ORDER BY id DESC LIMIT 1");
    assert_eq!(rows(folder, &sql), ["active"]);
    let snoozed = format!("SELECT count(*) || '' FROM follow_ups WHERE case_id = {next}");
    assert_eq!(rows(folder, &snoozed), ["1"], "the later step stays");
}
