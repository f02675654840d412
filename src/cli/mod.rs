//! THIRD FLOOR: the command line. The same core and the same loop without a screen: every command is a short story
//! told on standard output. Results there, everything else on standard error; no prompt, no escape byte.

pub mod args;
mod attachments;
mod bindings;
mod canned;
mod colors;
mod demo;
mod desk;
mod doctor;
mod door;
mod fault;
mod history;
mod json;
mod keys;
mod labels;
mod ledger;
mod letter;
mod list;
mod log;
mod out;
mod own;
mod refresh;
mod replies;
mod serve;
mod setup;
mod show;
mod tools;
mod translate;
mod views;
mod words;
mod workload;
mod write;

pub use demo::open as open_demo;
pub use desk::Desk;
pub use door::{enter, leave};
pub use fault::{Exit, Fault};
pub use log::start as start_log;
pub use out::on_panic;
pub use replies::read as replies;

use crate::store;
use args::{Command, Outbox};
use out::Out;

/// Performs a command that needs no screen.
pub async fn run(desk: &Desk, command: Command) -> Result<Exit, Fault> {
    let mut out = Out::new(desk.global.json);
    let again = reads(&command).then(|| command.clone());
    let exit = match (perform(desk, command, &mut out).await, again) {
        // The cache is a mirror: it was put aside when it was opened again, and is read anew.
        (Err(_), Some(command)) if store::met_damage() && out.start_over() => perform(desk, command, &mut out).await?,
        (done, _) => done?,
    };
    out.flush()?;
    Ok(exit)
}

/// What may be done twice.
fn reads(command: &Command) -> bool {
    let ledger = matches!(command, Command::Outbox(Outbox::List { .. } | Outbox::Show { .. }));
    ledger
        || matches!(
            command,
            Command::Log(_) | Command::Workload(_) | Command::List(_) | Command::Show(_) | Command::Search(_) | Command::Export | Command::Sync(_)
        )
}

async fn perform(desk: &Desk, command: Command, out: &mut Out) -> Result<Exit, Fault> {
    let done = match command {
        Command::List(args) => list::list(desk, &args, out).await,
        Command::Show(args) => show::show(desk, &args, out).await,
        Command::Attachments(args) => return attachments::attachments(desk, args, out).await,
        Command::Search(args) => show::search(desk, &args, out).await,
        Command::Export => show::export(desk, out).await,
        Command::Log(args) => history::list(desk, args, out),
        Command::Workload(args) => workload::tell(desk, args, out),
        Command::Outbox(Outbox::List { all }) => ledger::list(desk, all, out),
        Command::Outbox(Outbox::Show { op }) => ledger::show(desk, &op.op_id, out),
        Command::Outbox(Outbox::Retry { op }) => return write::retry(desk, &op.op_id, out).await,
        Command::Outbox(Outbox::Resolve { op, decision }) => return write::resolve(desk, &op.op_id, decision, out).await,
        Command::Outbox(Outbox::Drop { op }) => return write::drop(desk, &op.op_id, out).await,
        Command::Outbox(Outbox::Recover) => ledger::recover(desk, out),
        Command::Unread(args) => labels::unread(desk, &args, out),
        Command::Macro(args) => return canned::run(desk, args, out).await,
        Command::Sync(args) => return write::sync(desk, args.full, out).await,
        Command::Doctor => return doctor::check(desk, out).await,
        Command::Serve(args) => serve::serve(&args, desk.now, out).await,
        Command::Keys(args) => keys::keys(args, out),
        Command::Config(args) => setup::config(desk, &args, out),
        Command::Completions { shell } => setup::completions(shell, out),
        Command::Demo(_) => Err(Fault::usage("the demo needs a terminal")),
        change => return write::change(desk, change, out).await,
    };
    done.map(|()| Exit::Done)
}
