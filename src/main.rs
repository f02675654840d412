//! The front door: arguments, config, and which way to go. One lower-case line and a hint when something is wrong.

use caseload::cli::args::{Args, Command};
use caseload::cli::{self, Desk, Exit, Fault};
use caseload::config::Environment;
use caseload::{runtime, tui};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::on_panic();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return end(Err(error.into())),
    };
    let ended = runtime.block_on(enter(args));
    // What still hangs in a blocking call must not keep the agent.
    runtime.shutdown_background();
    end(ended)
}

/// The door the arguments ask for.
async fn enter(args: Args) -> Result<Exit, Fault> {
    let environment = Environment::read(|name| std::env::var_os(name))?;
    let desk = Desk::new(environment, args.global, runtime::now())?;
    match args.command {
        None => {
            tui::possible().map_err(Fault::failed)?;
            Box::pin(inbox(&desk)).await
        }
        Some(Command::Demo(demo)) => {
            tui::possible().map_err(Fault::failed)?;
            let opened = cli::open_demo(&desk, &demo).await?;
            let desk = opened.desk.clone();
            Box::pin(opened.serve_while(inbox(&desk))).await?
        }
        Some(command) => Box::pin(cli::run(&desk, command)).await,
    }
}

/// The screen, until the agent leaves it.
async fn inbox(desk: &Desk) -> Result<Exit, Fault> {
    cli::start_log(desk)?;
    let desk = &if desk.asks_ground() { desk.on_ground(tui::light()) } else { desk.clone() };
    let (state, world) = cli::enter(desk, tui::size())?;
    let shelf = desk.clone();
    let tools = tui::Tools { scratch: desk.places.scratch(), clipboard: desk.clipboard() };
    let shown = Box::pin(tui::inbox(state, world, tools, move || cli::replies(&shelf).into()));
    let (left, _) = shown.await.map_err(|error| Fault::failed(format!("{error:#}")))?;
    Ok(cli::leave(&left))
}

/// Help goes out as it is; what is wrong is said like every fault.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        return end(Err(Fault::from(error)));
    }
    // Where nobody listens there is nothing left to say.
    drop(error.print());
    ExitCode::SUCCESS
}

fn end(ended: Result<Exit, Fault>) -> ExitCode {
    let exit = match &ended {
        Ok(exit) => *exit,
        Err(fault) => fault.exit,
    };
    if let Err(fault) = ended
        && !fault.quiet
    {
        // Where nobody listens there is nothing left to say.
        let _unheard = std::io::stderr().write_all(fault.lines().as_bytes());
    }
    ExitCode::from(exit.code())
}
