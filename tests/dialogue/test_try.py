import time, cProfile
from tests.dialogue.conftest import Chats

async def test_try(chats: Chats) -> None:
    c = chats("chen")
    async def p(x):
        r = await x
        print("   >", r, list(c.offered))
    await p(c.scans("mdl-hj2-cspc"))
    await p(c.says("1"))
    await p(c.says("2号窗口那个姑娘特别耐心"))
    async def t(name, f, n=60):
        ts=[]
        for _ in range(n):
            a=time.perf_counter(); await f(); ts.append((time.perf_counter()-a)*1000)
        ts.sort(); print(name, "p50 %.1f p95 %.1f"%(ts[n//2], ts[int(n*.95)]))
    await t("greet structured", lambda: c.event("greet"))
    await t("greet text", lambda: c.says("你好啊在吗"))
    await t("hand_over action", lambda: c.event("hand_over"))
    await t("my cases (db)", lambda: c.event("my_cases"))
    await t("scan (db)", lambda: c.scans("mdl-hj2-cspc"))
    async def flow():
        await c.scans("mdl-hj2-cspc"); await c.says("3"); await c.says("1"); await c.says("跳过"); await c.says("跳过")
    await t("flow of 5 turns", flow, 20)
    raise SystemError
