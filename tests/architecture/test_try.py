def test_walk(visits):
    for v in visits:
        if v.who=="nav" and ((v.persona=="amina-solberg" and v.route in("person:thread","person:activity")) or (v.persona=="tor-arne-nilsen" and v.route=="person:thread")):
            print("=====",v)
            for s in v.statements: print("   ",s[:110].replace("\n"," "), "... WHERE", s.partition("WHERE")[2][:80])
    top={}
    for v in visits:
        sql=v.statements
        audit=next((i for i,s in enumerate(sql) if "access_auditentry" in s),len(sql))
        own=audit-2 if v.who!="anonymous" else audit
        top[v.route]=max(top.get(v.route,(0,0,"")),(own,len(sql)-audit,str(v)))
    for k,x in top.items(): print(k,x)
