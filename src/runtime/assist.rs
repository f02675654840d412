//! The program that assists: started without a shell in a process group of its own, given the thread on its standard input,
//! read to a limit of time and size. Whatever ends it early ends its whole group. It never sees the API key.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// A longer proposal is none.
const LARGEST: u64 = 64 * 1024;

/// The running program's group; empty once its end was seen, so that no stranger's is ever ended.
#[derive(Clone, Default)]
pub(super) struct Group(Arc<Mutex<Option<rustix::process::Pid>>>);

impl Group {
    /// Ends all of it.
    pub fn end(&self) {
        if let Some(group) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // Gone by itself is as good.
            let _gone = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Starts it; what it says comes from [`hear`].
pub(super) fn start(command: &[String]) -> Result<(Child, Group), String> {
    let (program, arguments) = command.split_first().ok_or_else(|| "no program is named".to_owned())?;
    let mut command = Command::new(program);
    command.args(arguments).env_remove("CASELOAD_API_KEY").process_group(0).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| format!("{program} can't be started: {error}"))?;
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    Ok((child, Group(Arc::new(Mutex::new(id)))))
}

/// Its proposal, or in words why there is none.
pub(super) async fn hear(mut child: Child, group: Group, input: Vec<u8>, limit: Duration) -> Result<String, String> {
    let spoken = tokio::time::timeout(limit, talk(&mut child, input)).await;
    let (text, complaint) = match spoken {
        Err(_) => {
            group.end();
            return Err(format!("no answer within {}s; it was ended", limit.as_secs_f64().ceil()));
        }
        Ok(Err(error)) => {
            group.end();
            return Err(format!("{error}; it was ended"));
        }
        Ok(Ok(said)) => said,
    };
    let Ok(ended) = tokio::time::timeout(limit, child.wait()).await else {
        group.end();
        return Err("it said all it had to say and did not end; it was ended".to_owned());
    };
    *group.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    judged(ended, text, &complaint)
}

fn judged(ended: io::Result<ExitStatus>, text: Vec<u8>, complaint: &[u8]) -> Result<String, String> {
    let last = String::from_utf8_lossy(complaint).lines().rev().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned());
    match ended {
        Ok(status) if status.success() => String::from_utf8(text).map_err(|_| "what it wrote is not UTF-8 text".to_owned()),
        Ok(status) => {
            let how = status.code().map_or_else(|| status.to_string(), |code| format!("exit {code}"));
            Err(format!("{} ({how})", last.as_deref().unwrap_or("it failed without a word")))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Tells it everything while it is listened to: it may say something before it heard all.
async fn talk(child: &mut Child, input: Vec<u8>) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let tell = async {
        if let Some(mut stdin) = stdin {
            // It need not listen to the end.
            let _deaf = stdin.write_all(&input).await;
        }
        Ok(())
    };
    let ((), text, complaint) = tokio::try_join!(tell, read(stdout), drain(stderr))?;
    Ok((text, complaint))
}

/// All of it, if that is not too much.
async fn read(from: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        from.take(LARGEST + 1).read_to_end(&mut bytes).await?;
    }
    if bytes.len() as u64 > LARGEST { Err(io::Error::other("it wrote more than 64 KiB")) } else { Ok(bytes) }
}

/// All of it, of which the end is kept.
async fn drain(from: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    const KEPT: usize = 4096;
    let (mut kept, mut some) = (Vec::new(), [0; KEPT]);
    if let Some(mut from) = from {
        while let count @ 1.. = from.read(&mut some).await? {
            kept.extend_from_slice(&some[..count]);
            let over = kept.len().saturating_sub(KEPT);
            kept.drain(..over);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::{hear, start};
    use std::time::Duration;

    /// What a shell script says of an input.
    async fn said(script: &str, input: &str, millis: u64) -> Result<String, String> {
        let (child, group) = start(&["/bin/sh".to_owned(), "-c".to_owned(), script.to_owned()])?;
        hear(child, group, input.as_bytes().to_vec(), Duration::from_millis(millis)).await
    }

    #[tokio::test]
    async fn it_hears_the_input_and_its_words_are_the_proposal() {
        assert_eq!(said("tr a-z A-Z", "dear customer\n", 20_000).await.as_deref(), Ok("DEAR CUSTOMER\n"));
        // One that does not listen, and one that is told more than a pipe holds.
        assert_eq!(said("echo deaf", &"x".repeat(1 << 20), 20_000).await.as_deref(), Ok("deaf\n"));
    }

    #[tokio::test]
    async fn why_there_is_no_proposal_is_said() {
        let failed = |result: Result<String, String>| result.unwrap_err();
        assert_eq!(failed(said("echo one >&2; echo 'no model is loaded' >&2; echo >&2; exit 3", "", 20_000).await), "no model is loaded (exit 3)");
        assert_eq!(failed(said("exit 3", "", 20_000).await), "it failed without a word (exit 3)");
        assert!(failed(said("kill -9 $$", "", 20_000).await).contains("signal: 9"));
        assert!(failed(said("head -c 70000 /dev/zero; sleep 100", "", 20_000).await).contains("64 KiB"));
        assert!(failed(said("printf '\\377'", "", 20_000).await).contains("UTF-8"));
        assert!(failed(start(&["/nowhere/at-all".to_owned()]).map(drop).map(|()| String::new())).contains("can't be started"));
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the test looks into a file of its script")]
    async fn at_the_limit_its_whole_group_is_ended() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("pid");
        let script = format!("sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait", file.display());
        let why = said(&script, "", 1_500).await.unwrap_err();
        assert!(why.contains("no answer within"), "{why}");
        let pid = std::fs::read_to_string(&file).unwrap();
        let alive = || std::process::Command::new("kill").args(["-0", pid.trim()]).stderr(std::process::Stdio::null()).status().unwrap().success();
        let zombie = || std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).is_ok_and(|stat| stat.contains(") Z "));
        for _ in 0..2_000 {
            if !alive() || zombie() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{pid} lives on");
    }

    #[tokio::test]
    async fn it_never_sees_the_key() {
        let (mut command, mut child_sees) = (Vec::new(), String::new());
        command.extend(["/bin/sh", "-c", "env"].map(str::to_owned));
        let (child, group) = start(&command).unwrap();
        child_sees.push_str(&hear(child, group, Vec::new(), Duration::from_secs(20)).await.unwrap());
        assert!(child_sees.contains("PATH=") && !child_sees.contains("CASELOAD_API_KEY"), "{child_sees}");
    }
}
