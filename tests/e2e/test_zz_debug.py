from tests.e2e.visitor import *
from tests.e2e.test_board import *
def test_debug(comes):
    amina = comes("Amina Solberg")
    p=amina.page
    p.on("pageerror", lambda e: print("PAGEERR", e.message, e.stack))
    p.on("console", lambda m: print("CONSOLE", m.type, m.text[:200], m.location))
    p.on("request", lambda r: print("REQ", r.method, r.url[-90:]) if "static" not in r.url else None)
    amina.opens(PLAN)
    p.evaluate("addEventListener('securitypolicyviolation', e => console.log('VIOL', e.violatedDirective, e.sourceFile, e.lineNumber, e.columnNumber, e.sample))")
    print("--- drag CV to Planlegger")
    drags(amina, amina.card(CV), amina.column("Planlegger"))
    p.wait_for_timeout(1000)
    print("--- drag agreed to Fullført")
    drags(amina, amina.card(AGREED), amina.column("Fullført"))
    p.wait_for_timeout(1500)
    p.screenshot(path="/tmp/e2etry/d.png")
    print("--- after")
