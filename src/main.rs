//! The front door: arguments, config, and which way to go. One lower-case line and a hint when something is wrong.

use caseload::cli::args::{Args, Command};
use caseload::cli::{self, Desk, Exit, Fault};
use caseload::config::{Environment, Way};
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
            possible(args.linear)?;
            Box::pin(inbox(&desk, args.linear)).await
        }
        Some(Command::Demo(demo)) => {
            possible(args.linear)?;
            let opened = cli::open_demo(&desk, &demo).await?;
            let desk = opened.desk.clone();
            Box::pin(opened.serve_while(inbox(&desk, args.linear))).await?
        }
        Some(command) => Box::pin(cli::run(&desk, command)).await,
    }
}

/// Can it be shown here? Line by line it can be told anywhere.
fn possible(linear: bool) -> Result<(), Fault> {
    if linear { Ok(()) } else { tui::possible().map_err(|why| Fault::failed(why).hint("--linear tells the inbox line by line, without a screen")) }
}

/// The screen, until the agent leaves it.
async fn inbox(desk: &Desk, linear: bool) -> Result<Exit, Fault> {
    cli::start_log(desk)?;
    let asks = desk.asks_ground() && !linear;
    let desk = &if asks { desk.on_ground(tui::light()) } else { desk.clone() };
    let (state, world) = cli::enter(desk, if linear { tui::SIZE } else { tui::size() })?;
    let (tools, shelf) = (tui::Tools { scratch: desk.places.scratch(), clipboard: desk.clipboard(), ways: ways(desk) }, desk.clone());
    let shelf = move || cli::replies(&shelf).into();
    let left = if linear { Box::pin(tui::linear(state, world, tools, shelf)).await } else { Box::pin(tui::inbox(state, world, tools, shelf)).await };
    let (left, _) = left.map_err(|error| Fault::failed(format!("{error:#}")))?;
    Ok(cli::leave(&left))
}

/// How the agent wants to be told while looking elsewhere.
fn ways(desk: &Desk) -> tui::Ways {
    let notify = &desk.config.notify;
    let has = |way| notify.ways.contains(&way);
    tui::Ways { bell: has(Way::Bell), osc9: has(Way::Osc9), osc777: has(Way::Osc777), command: notify.command.clone() }
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
