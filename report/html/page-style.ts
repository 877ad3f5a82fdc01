/**
 * How a page looks. Colours are those of the pictures (charts/style.ts). Light, or dark where the reader's system is; on
 * paper always light.
 */

const light =
	'--paper:#fff;--ink:#1f2328;--faint:#59636e;--line:#e4e6ea;--panel:#f6f7f9;--link:#0969a8;--cpu:#0072b2;--gpu:#009e73;--track:#dde1e6;--bad:#b3261e;--good:#11714f;--warn:#8a5a00;--badpaper:#fdf3f2;--warnpaper:#fdf8ec;color-scheme:light';
const dark =
	'--paper:#14171c;--ink:#e8eaed;--faint:#a5adb8;--line:#2b3038;--panel:#1b1f26;--link:#6cb8ef;--cpu:#4aa8e8;--gpu:#2fc99b;--track:#343b45;--bad:#ff8a80;--good:#4fd1a1;--warn:#f0b43c;--badpaper:#2a1a1b;--warnpaper:#28220f;color-scheme:dark';

export const pageStyle = `
:root{${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:3.2rem}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0 auto;max-width:84rem;padding:2rem 1.5rem 3rem;background:var(--paper);color:var(--ink);font:15px/1.5 "Open Sans",system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem;z-index:2}
h1{font-size:1.7rem;line-height:1.2;font-weight:600;margin:0}
h2{font-size:1.2rem;font-weight:600;margin:2.6rem 0 .8rem}
h3{font-size:1rem;font-weight:600;margin:1.6rem 0 .5rem}
h4{font-size:.9rem;font-weight:600;margin:1.2rem 0 .4rem}
p{margin:.5rem 0}
.subtitle{color:var(--faint);margin:.35rem 0 0}
nav{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--line);margin:1.2rem 0 0;z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1.3rem;list-style:none;margin:0;padding:.55rem 0}
nav a{text-decoration:none;font-size:.9rem}
nav a:hover{text-decoration:underline}
footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--faint);font-size:.82rem}
.figures{display:flex;flex-wrap:wrap;gap:.8rem 2.6rem;margin:1.6rem 0 0;padding:0}
.figures div{display:flex;flex-direction:column-reverse}
.figures dt{color:var(--faint);font-size:.85rem;margin:0}
.figures dd{margin:0;font-size:1.55rem;line-height:1.25;font-variant-numeric:tabular-nums}
.figures small{font-size:.9rem;color:var(--faint)}
.facts{display:grid;grid-template-columns:minmax(6.5rem,max-content) 1fr;gap:.3rem 1.4rem;margin:0}
.facts dt{color:var(--faint)}
.facts dd{margin:0;min-width:0}
code,pre{font:.87em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:.5rem 0;padding:.7rem .9rem;background:var(--panel);border-radius:6px;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;max-height:24rem}
code{overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;font-size:.88rem;min-width:min(100%,30rem)}
caption{text-align:left;color:var(--faint);padding:0 0 .45rem;font-size:.88rem}
th,td{padding:.26rem .7rem;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{padding-left:.2rem}
thead th{font-weight:600;color:var(--faint);vertical-align:bottom;border-bottom-color:var(--faint)}
tbody th{font-weight:400}
tbody tr:hover{background:var(--panel)}
.n{text-align:right;font-variant-numeric:tabular-nums}
.wrap{white-space:normal;min-width:14rem;overflow-wrap:anywhere}
.faint{color:var(--faint)}
.name{padding-left:calc(.2rem + var(--depth,0)*1.15rem)!important}
.batch .name,.group th{font-weight:600}
.group th{padding-top:.9rem}
.bar{display:inline-block;width:6.5rem;height:.62rem;margin-left:.6rem;vertical-align:baseline}
.bar i{display:block;height:100%;background:var(--track);border-radius:2px}
.bar b{display:block;height:100%;border-radius:2px;background:var(--cpu);min-width:1px}
.bar.gpu b{background:var(--gpu)}
.bar,.bar *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.forest{display:block;width:150px;height:14px;margin-bottom:-2px}
.around{width:150px;text-align:center}
.forest line{stroke:var(--faint);stroke-width:1}
.forest .zero{stroke:var(--faint);stroke-dasharray:1.5 2}
.forest circle{fill:var(--faint)}
.slower .forest line:not(.zero){stroke:var(--bad)}
.slower .forest circle{fill:var(--bad)}
.faster .forest line:not(.zero){stroke:var(--good)}
.faster .forest circle{fill:var(--good)}
.verdict{font-weight:600}
.slower .verdict,.state.bad{color:var(--bad)}
.faster .verdict,.state.good{color:var(--good)}
.state.warn{color:var(--warn)}
.same .verdict,.inconclusive .verdict{font-weight:400;color:var(--faint)}
.notes{list-style:none;margin:.6rem 0;padding:0}
.notes li{border-left:3px solid var(--line);padding:.3rem .8rem;margin:.45rem 0}
.notes li.warning{border-color:var(--warn);background:var(--warnpaper)}
.notes li.failure{border-color:var(--bad);background:var(--badpaper)}
.notes b{font-weight:600}
.answers{padding-left:1.1rem}
.answers li{margin:.25rem 0}
.answers .more{list-style:none;margin-left:1.2rem;color:var(--faint)}
figure{margin:1rem 0;max-width:780px}
figure svg,figure img{display:block;max-width:100%;height:auto}
details{margin:.8rem 0}
summary{cursor:pointer;color:var(--link);width:fit-content}
details[open]>summary{margin-bottom:.5rem}
details.side{border-top:1px solid var(--line);padding-top:.7rem}
details.side>summary{font-size:1.02rem;font-weight:600;color:var(--ink)}
.legend{color:var(--faint);font-size:.84rem;max-width:62rem}
thead button{all:unset;cursor:pointer}
thead button:hover{text-decoration:underline}
thead button:focus-visible,.fold:focus-visible{outline:2px solid var(--link);outline-offset:2px}
th[aria-sort=descending] button::after{content:" \\2193"}
th[aria-sort=ascending] button::after{content:" \\2191"}
.fold{all:unset;cursor:pointer;display:inline-block;width:1rem;margin-left:-1rem;color:var(--faint);text-align:center}
.fold::before{content:"\\25be"}
.fold[aria-expanded=false]::before{content:"\\25b8"}
.foldable .name{padding-left:calc(1.1rem + var(--depth,0)*1.15rem)!important}
@media (max-width:40rem){body{padding:1.2rem .9rem 2rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.5rem}nav{position:static}figure{overflow-x:auto}figure svg,figure img{min-width:36rem}}
@media print{body{max-width:none;padding:0;font-size:10pt}nav,.skip,.fold{display:none}.scroll{overflow:visible}section{break-inside:auto}figure,tr,.notes li{break-inside:avoid}h2,h3,caption{break-after:avoid}table{font-size:7.5pt}th,td{padding:.15rem .35rem;white-space:normal}thead{display:table-header-group}pre{max-height:none}a{color:inherit}}
`.trim();
