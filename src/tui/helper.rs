//! Programs that are handed something: the one that opens a link, and the one that takes what is copied. Their arguments are
//! a list, no shell; the key is not in their environment; what they print is not seen.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// A program that takes what is copied has this long.
const PATIENCE: Duration = Duration::from_secs(3);
const STEP: Duration = Duration::from_millis(10);

/// Starts a program on its own: no key pressed in the terminal reaches it.
pub fn start(command: &[String], input: Stdio) -> io::Result<Child> {
    let (program, arguments) = command.split_first().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no program is named"))?;
    Command::new(program).args(arguments).env_remove("CASELOAD_API_KEY").stdin(input).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn()
}

/// Hands it a text and waits for its end, not for ever; says in words what went wrong.
pub fn hand(command: &[String], text: &str) -> Result<(), String> {
    let name = command.first().map_or("", String::as_str);
    let mut child = start(command, Stdio::piped()).map_err(|error| failed(name, &error))?;
    let text = text.to_owned();
    if let Some(mut input) = child.stdin.take() {
        // One that does not read must not hold us; when it is ended, so is the writing.
        beside(move || drop(input.write_all(text.as_bytes())));
    }
    match ended(&mut child) {
        Some(Ok(status)) => verdict(name, status),
        Some(Err(error)) => Err(failed(name, &error)),
        None => Err(format!("{name} did not end in {} seconds", PATIENCE.as_secs())),
    }
}

fn ended(child: &mut Child) -> Option<io::Result<ExitStatus>> {
    for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
        match child.try_wait().transpose() {
            None => std::thread::sleep(STEP),
            ended => return ended,
        }
    }
    // Gone already is as good.
    let _gone = child.kill();
    let _gone = child.wait();
    None
}

/// How it ended, in words.
pub fn verdict(name: &str, status: ExitStatus) -> Result<(), String> {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(format!("{name} ended with {code}")),
        None => Err(format!("{name} was ended")),
    }
}

pub fn failed(name: &str, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound { format!("there is no program {name}") } else { format!("{name} can't be run: {error}") }
}

/// Waiting that holds up nobody.
#[expect(clippy::disallowed_methods, reason = "programs are waited for beside the loop")]
pub fn beside(work: impl FnOnce() + Send + 'static) {
    std::thread::spawn(work);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests look at what was written, and at the clock")]

    use super::hand;
    use std::time::Instant;

    fn shell(script: &str, more: &str) -> Vec<String> {
        ["sh", "-c", script, more].map(str::to_owned).into()
    }

    #[test]
    fn a_text_arrives_whole_and_the_end_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text").display().to_string();
        let text = "$(rm -rf ~); 荷物\n".repeat(50_000);
        assert_eq!(hand(&shell("cat > \"$0\"", &path), &text), Ok(()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        assert_eq!(hand(&shell("exit 3", ""), &text), Err("sh ended with 3".into()));
        assert_eq!(hand(&["no-such-program-anywhere".to_owned()], "x"), Err("there is no program no-such-program-anywhere".into()));
        assert!(hand(&[], "x").is_err());
    }

    #[test]
    fn one_that_never_ends_is_ended() {
        let from = Instant::now();
        assert_eq!(hand(&shell("sleep 60", ""), &"x".repeat(1 << 20)), Err("sh did not end in 3 seconds".into()));
        assert!(from.elapsed().as_secs() < 30);
    }
}
