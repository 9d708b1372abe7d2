/** How Node is started for a service, wherever it runs. Without the limit V8's young generation grows with the hours, to 128 MB. */
export const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];
