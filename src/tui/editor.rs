//! `$EDITOR` on a file that only we can read, gone afterwards. What it saved comes back whatever it says of itself.

use crate::app::Edited;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::process::{Command, ExitStatus};

/// Lets the agent edit the text. An error: there was no file for it.
pub fn edit(scratch: &Path, text: &str) -> io::Result<Edited> {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|line| !line.trim().is_empty()));
    run(scratch, text, named.as_deref().unwrap_or("vi"))
}

/// `line` is words, no shell.
#[expect(clippy::disallowed_methods, reason = "the terminal owns the editor's file")]
fn run(scratch: &Path, text: &str, line: &str) -> io::Result<Edited> {
    DirBuilder::new().recursive(true).mode(0o700).create(scratch)?;
    let path = scratch.join(format!("reply-{}.md", std::process::id()));
    let _stale = std::fs::remove_file(&path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    drop(file);
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let ended = Command::new(program).args(words).arg(&path).env_remove("CASELOAD_API_KEY").status();
    let saved = std::fs::read(&path);
    let _gone = std::fs::remove_file(&path);
    Ok(match (ended, saved) {
        (Err(error), _) => Edited::Failed(format!("the editor \"{program}\" could not be started ({error}): set EDITOR to another one, EDITOR=nano")),
        (Ok(_), Err(error)) => Edited::Failed(format!("what the editor \"{program}\" saved cannot be read ({error}): the text stays as it was")),
        (Ok(status), Ok(bytes)) => left(text, program, status, &bytes),
    })
}

fn left(text: &str, program: &str, status: ExitStatus, bytes: &[u8]) -> Edited {
    let saved = String::from_utf8_lossy(bytes);
    let foreign = matches!(saved, std::borrow::Cow::Owned(_)).then(|| format!("the editor \"{program}\" saved what is not UTF-8"));
    let trouble = (!status.success()).then(|| match status.code() {
        Some(code) => format!("the editor \"{program}\" ended with code {code}"),
        None => format!("the editor \"{program}\" was killed"),
    });
    let same = saved.trim_end_matches('\n') == text.trim_end_matches('\n');
    match trouble.or(foreign) {
        None if same => Edited::Same,
        Some(why) if same => Edited::Failed(format!("{why} and left the text as it was")),
        trouble => Edited::Text { text: saved.into_owned(), trouble },
    }
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::app::Edited;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// An editor that does this to the file.
    #[expect(clippy::disallowed_methods, reason = "a script for the test")]
    fn editor(home: &Path, script: &str) -> String {
        let path = home.join("editor");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        format!("{} -x", path.display())
    }

    #[test]
    fn what_was_saved_comes_back_whatever_the_editor_says_of_itself() {
        let home = tempfile::tempdir().unwrap();
        let scratch = home.path().join("scratch");
        let of = |script: &str| run(&scratch, "words", &editor(home.path(), script)).unwrap();
        let text = |text: &str, trouble: Option<&str>| (text.to_owned(), trouble.map(str::to_owned));
        let told = |edited: Edited| match edited {
            Edited::Text { text, trouble } => (text, trouble.map(|why| why.split("editor\" ").nth(1).unwrap_or_default().to_owned())),
            other => (format!("{other:?}"), None),
        };
        assert_eq!(of("test \"$1\" = -x"), Edited::Same);
        assert_eq!(told(of("printf ' and more' >> \"$2\"")), text("words and more", None));
        assert_eq!(told(of("printf ' and more' >> \"$2\"; exit 3")), text("words and more", Some("ended with code 3")));
        assert_eq!(told(of("printf '\\344' > \"$2\"")), text("\u{fffd}", Some("saved what is not UTF-8")));
        for (script, words) in [("exit 1", "ended with code 1 and left the text as it was"), ("rm \"$2\"", "cannot be read"), ("kill -9 $$", "was killed")] {
            let Edited::Failed(why) = of(script) else { panic!("{script}") };
            assert!(why.contains(words), "{why}");
        }
        let Edited::Failed(why) = run(&scratch, "words", "no-such-editor -n").unwrap() else { panic!("it was started") };
        assert!(why.contains("\"no-such-editor\" could not be started") && why.contains("EDITOR=nano"), "{why}");
        assert_eq!(scratch.read_dir().unwrap().count(), 0, "nothing is left behind");
    }
}
