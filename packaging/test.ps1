# Sets up everything and runs every check on Windows: format, lint, types, contracts, tests, the frozen build and its tests.
#   -All       the slow tests too
#   -NoBuild   without the frozen build

param([switch] $All, [switch] $NoBuild)

. (Join-Path $PSScriptRoot 'lib.ps1')

$watch = [Diagnostics.Stopwatch]::StartNew()
$failed = New-Object System.Collections.Generic.List[string]
$selection = if ($All) { 'not executable and not engine' } else { 'not slow and not executable and not engine' }
$engine = if ($All) { 'engine and not executable' } else { 'engine and not slow and not executable' }

# Runs a command under a heading; a failure is remembered and the next step still runs.
function Step([string] $title, [string] $command, [string[]] $arguments) {
    Write-Output "`n== $title"
    $started = $watch.Elapsed
    & $command @arguments
    $status = $LASTEXITCODE
    $seconds = [int] ($watch.Elapsed - $started).TotalSeconds
    if ($status -eq 0) {
        Write-Output "-- done in $seconds s"
    }
    else {
        Write-Output "-- FAILED after $seconds s: $title"
        $failed.Add($title)
    }
}

function Finish {
    $seconds = [int] $watch.Elapsed.TotalSeconds
    if ($failed.Count -gt 0) {
        Write-Output "`nFAILED in $seconds s: $($failed -join '; ')"
        exit 1
    }
    Write-Output "`nAll checks passed in $seconds s."
    exit 0
}

Install-Locked @('program', 'dev')
Set-Location $root

Step 'format (ruff format)' $python @('-m', 'ruff', 'format', '--check', '.')
Step 'lint (ruff)' $python @('-m', 'ruff', 'check', '.')
Step 'types (mypy --strict)' $python @('-m', 'mypy')
Step 'contracts (import-linter)' (Join-Path $venv 'Scripts\lint-imports.exe') @()
Step 'tests' $python @('-m', 'pytest', '-m', $selection)
# Installed once, outside of the checkout, by the command that users have; found again by the hash of its lock.
if (-not $env:SORTWERK_TEST_ENGINES) {
    $env:SORTWERK_TEST_ENGINES = Join-Path $env:USERPROFILE '.cache\sortwerk-test-engines'
}
$env:SORTWERK_ENGINES = $env:SORTWERK_TEST_ENGINES
foreach ($variant in 'torch', 'tensorflow') {
    Step "engine (sortwerk engine install $variant)" $python @('-m', 'desktop', 'engine', 'install', $variant, '--device', 'cpu')
}
Remove-Item Env:SORTWERK_ENGINES
Step 'tests of the engine' $python @('-m', 'pytest', '-m', $engine)
if ($failed.Count -gt 0 -or $NoBuild) { Finish }

Step 'frozen build (PyInstaller)' $python @('-m', 'PyInstaller', '--noconfirm', '--log-level', 'WARN', 'build.spec')
if ($failed.Count -gt 0) { Finish }
Step 'tests of the executable' $python @('-m', 'pytest', '-m', 'executable')
Finish
