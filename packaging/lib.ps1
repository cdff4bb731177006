# What run.ps1 and test.ps1 share: the Python and .venv. Dot-sourced, never run. Written for Windows PowerShell 5.1 and later.
# All it has to say goes to standard error, so that standard output belongs to the program alone.

$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$venv = Join-Path $root '.venv'
$python = Join-Path $venv 'Scripts\python.exe'

function Say([string] $text) {
    [Console]::Error.WriteLine($text)
}

# Exit status 3 is "failed" everywhere in this program (2 would mean wrong use).
function Stop-WithSentence([string] $text) {
    Say $text
    exit 3
}

# The first Python that is new enough, as a command with its arguments, or nothing. SORTWERK_PYTHON overrules the search.
function Find-Python {
    $candidates = @(@('py', '-3'), @('python'), @('python3'))
    if ($env:SORTWERK_PYTHON) {
        $candidates = @(, @($env:SORTWERK_PYTHON)) + $candidates
    }
    foreach ($candidate in $candidates) {
        $command = $candidate[0]
        if (-not (Get-Command $command -ErrorAction SilentlyContinue)) {
            continue
        }
        $arguments = @($candidate | Select-Object -Skip 1)
        try {
            $answer = & $command @arguments -c 'import sys; print(sys.version_info >= (3, 11))'
        }
        catch {
            continue
        }
        if ($LASTEXITCODE -eq 0 -and $answer -eq 'True') {
            return , $candidate
        }
    }
}

function New-Environment {
    $base = Find-Python
    if (-not $base) {
        Stop-WithSentence ('Sortwerk needs Python 3.11 or newer, and none was found: install it from python.org, ' +
            'or set SORTWERK_PYTHON to the python.exe to use.')
    }
    $arguments = @($base | Select-Object -Skip 1)
    Say 'Making the environment .venv'
    & $base[0] @arguments -m venv --clear $venv | ForEach-Object { Say $_ }
    if ($LASTEXITCODE -ne 0) {
        Stop-WithSentence "The environment $venv could not be made; see the lines above."
    }
}

# Makes .venv hold exactly what each packaging/lock/NAME.txt pins. A copy of the lock that was installed is the stamp, so a
# start with nothing to do costs one comparison and no network.
function Install-Locked([string[]] $names) {
    if (-not (Test-Path $python)) {
        New-Environment
    }
    foreach ($name in $names) {
        $lock = Join-Path $root "packaging\lock\$name.txt"
        $stamp = Join-Path $venv "lock-$name.txt"
        if ((Test-Path $stamp) -and ((Get-FileHash $lock).Hash -eq (Get-FileHash $stamp).Hash)) {
            continue
        }
        Remove-Item $stamp -ErrorAction SilentlyContinue
        Say "Installing what packaging/lock/$name.txt pins into .venv (once; about 300 MB to fetch, some minutes)"
        & $python -m pip install --disable-pip-version-check --quiet --only-binary ':all:' --require-hashes `
            --requirement $lock | ForEach-Object { Say $_ }
        if ($LASTEXITCODE -ne 0) {
            Stop-WithSentence ('The installation failed for the reason above; check the network connection and ' +
                'start this again.')
        }
        Copy-Item $lock $stamp
    }
}
