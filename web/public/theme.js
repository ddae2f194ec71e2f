// Runs before the first paint so that a chosen theme does not flash. Kept apart because inline scripts are refused.
const theme = localStorage.getItem('assay.theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
